// Reads a question with its answers, or one answer: from the city's recordings, else by a voice of this device
(() => {
  const player = new Audio(), speech = window.speechSynthesis, language = document.documentElement.lang;
  const voice = () => speech?.getVoices().find((one) => one.localService && one.lang.split(/[-_]/)[0] === language);
  const text = (node) => (node.control ? node.lastElementChild : node).textContent.trim();
  let run = 0;
  const say = (node) => new Promise((done) => {
    const end = () => { node.classList.remove("said-now"); done(); }, sound = node.nextElementSibling.href;
    node.classList.add("said-now");
    if (sound) {
      Object.assign(player, { src: sound, onended: end, onpause: end, onerror: end }).play().catch(end);
    } else {
      const words = new SpeechSynthesisUtterance(text(node));
      speech.speak(Object.assign(words, { voice: voice(), lang: language, rate: 0.9, onend: end, onerror: end }));
    }
  });
  const stop = () => { run += 1; player.pause(); speech?.cancel(); };
  addEventListener("click", async (event) => {
    const button = event.target.closest(".say"), on = document.querySelector(".say.on");
    if (!button) return;
    event.preventDefault();
    stop();
    on?.classList.remove("on");
    if (on === button) return;
    button.classList.add("on");
    const mine = run, node = button.previousElementSibling;
    for (const part of [node, ...node.matches("legend") ? node.parentNode.querySelectorAll("label") : []]) {
      if (run === mine && part.nextElementSibling.matches(".say")) await say(part);
    }
    if (run === mine) button.classList.remove("on");
  });
  const offer = () => voice() && document.querySelectorAll("fieldset > :is(legend, label)").forEach((node) => {
    if (node.nextElementSibling.matches(".say")) return;
    const button = document.getElementById("say").content.firstElementChild.cloneNode(true);
    button.lastElementChild.append(text(node));
    node.after(button);
  });
  offer();
  speech?.addEventListener("voiceschanged", offer);
  addEventListener("pagehide", stop);
})();

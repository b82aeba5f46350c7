// A shared device: warns when nobody touches it, then ends the turn. Nothing of a person stays for the next.
(() => {
  const turn = document.getElementById("turn"), form = turn.querySelector("form"), idle = document.getElementById("idle");
  const left = document.getElementById("left");
  let timer, told = Date.now();
  const clear = () => {
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith("surveyapp:")) localStorage.removeItem(key);
    } catch { /* not allowed to store: then nothing is stored */ }
  };
  const leave = async () => {
    clearTimeout(timer);
    clear();
    document.getElementById("main").hidden = true;
    try {
      const reply = await fetch(form.action, { method: "POST", body: new FormData(form) });
      if (reply.status < 500) { clear(); location.replace("/join"); return; }
    } catch { /* no network: see below */ }
    idle.hidden = true;
    document.getElementById("stuck").hidden = false;
    setTimeout(leave, 5000);
  };
  const warn = (seconds) => {
    idle.hidden = false;
    left.textContent = seconds;
    if (seconds === Number(turn.dataset.left)) idle.focus();
    timer = seconds > 0 ? setTimeout(warn, 1000, seconds - 1) : setTimeout(leave);
  };
  const stay = () => {
    clearTimeout(timer);
    if (Date.now() - told > 60000) { // somebody reads: the service, which counts too, is to know
      told = Date.now();
      fetch(location.href, { method: "HEAD" }).catch(() => {});
    }
    idle.hidden = true;
    timer = setTimeout(warn, turn.dataset.idle * 1000, Number(turn.dataset.left));
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); leave(); });
  for (const sign of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(sign, () => idle.hidden && stay());
  document.getElementById("here").addEventListener("click", stay);
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  stay();
})();

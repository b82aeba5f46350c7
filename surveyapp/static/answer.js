// Keeps every answer the moment it is given. What could not be sent waits on the device until the network is back
(() => {
  const $ = (id) => document.getElementById(id);
  const form = $("answers"), waiting = $("waiting"), { draft, sent, page, device } = $("main").dataset;
  const own = "surveyapp:" + (draft || sent), secret = "surveyapp:device";
  let store = {};
  try { store = localStorage; } catch { /* not allowed */ }
  const load = () => JSON.parse(store[own] || "{}");
  const keep = (key, body) => {
    const queue = load();
    if (body) queue[key] = body; else delete queue[key];
    try { store[own] = JSON.stringify(queue); } catch { store = {}; }
    if (!Object.keys(queue).length) delete store[own];
  };
  addEventListener("pageshow", (event) => event.persisted && location.reload());

  const print = document.querySelector("[data-print]"), asked = document.querySelector("[name=device]");
  if (print) Object.assign(print, { hidden: false, onclick: () => window.print() });
  if (asked) asked.value = store[secret] || "";
  if (sent) [own, secret].forEach((name) => delete store[name]);
  if (device) store[secret] = device;
  if (!draft) return;

  const post = async (key, pressed = []) => {
    const body = load()[key] || "", all = new URLSearchParams(body);
    pressed.forEach(([name, value]) => all.set(name, value));
    all.set("csrf_token", document.querySelector("[name=csrf_token]").value);
    const reply = await fetch("/answer/" + key, {
      method: "POST", headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout?.(20000), body: all,
    });
    if (reply.status >= 500) throw reply;
    refused = !reply.ok && ![409, 422].includes(reply.status);
    if (refused) return;
    const answer = await reply.json();
    if (key === page) form.elements.was.value = answer.was;
    if (reply.ok ? (load()[key] || "") === body : pressed.length) keep(key);
    else if (key === page) note();
    if (reply.ok) return answer.next;
  };

  let turn = Promise.resolve(), again, refused;
  const flush = (pressed) => turn = turn.catch(() => {}).then(async () => {
    clearTimeout(again);
    try {
      for (const key of Object.keys(load())) if (!pressed || key !== page) await post(key);
      const next = pressed && await post(page, pressed);
      waiting.hidden = !refused;
      return next;
    } catch (fault) {
      again = setTimeout(quietly, 5000);
      waiting.hidden = false;
      throw fault;
    }
  });
  const quietly = () => flush().catch(() => {});
  addEventListener("online", quietly);

  if (!form) { // the last look: what waited belongs in it
    const complete = async (event) => {
      if (!store[own]) return;
      event?.preventDefault();
      await quietly();
      if (!store[own]) location.reload();
    };
    $("send").addEventListener("submit", complete);
    complete();
    return;
  }
  const note = () => {
    const body = new URLSearchParams(new FormData(form));
    body.delete("csrf_token");
    keep(page, String(body));
  };
  for (const [name, value] of new URLSearchParams(load()[page])) form.elements[name].value = value;
  if (store[own]) quietly();

  let pause;
  form.addEventListener("input", (event) => {
    note();
    clearTimeout(pause);
    pause = setTimeout(quietly, event.target.type === "radio" ? 0 : 1500);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(pause);
    note();
    const { name, value } = event.submitter || { name: "go", value: "next" };
    try {
      const next = await flush([[name, value]]);
      if (next) return location.assign(next);
    } catch { return waiting.scrollIntoView({ block: "nearest" }); }
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    form.submit();
  });
  ($("problem") || $("met"))?.focus();
})();

// Passkeys: hands the question of the page to the browser, and the browser's answer to the form.
// Forms with data-passkey are hidden until this ran; what stands in their place has data-without.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => {
    let raw = "";
    for (const byte of new Uint8Array(buffer)) raw += String.fromCharCode(byte);
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  const question = (form) => {
    const options = JSON.parse(form.dataset.question);
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const list of [options.excludeCredentials, options.allowCredentials]) {
      for (const item of list || []) item.id = bytes(item.id);
    }
    return { publicKey: options };
  };

  const answer = (credential) => {
    const given = credential.response;
    const response = { clientDataJSON: text(given.clientDataJSON) };
    if (given.attestationObject) {
      response.attestationObject = text(given.attestationObject);
      response.transports = given.getTransports ? given.getTransports() : [];
    } else {
      response.authenticatorData = text(given.authenticatorData);
      response.signature = text(given.signature);
      if (given.userHandle) response.userHandle = text(given.userHandle);
    }
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
  };

  const ask = async (form) => {
    const failed = form.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      const credential = await navigator.credentials[form.dataset.passkey](question(form));
      form.elements.credential.value = answer(credential);
    } catch {
      failed.hidden = false;
      return;
    }
    form.submit();
  };

  if (!window.PublicKeyCredential) return;
  for (const note of document.querySelectorAll("[data-without]")) note.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      const name = form.elements.namedItem("name");
      if (name && !name.value.trim()) return; // the server says what is missing
      event.preventDefault();
      ask(form);
    });
  }
})();

/* What htmx leaves to us: no vote by accident, keys, focus, words for screen readers, and a failure that is seen. */
"use strict";
(() => {
  const DEAD_TIME = 420; // ms after a swap, 400 and a frame: a second tap was meant for the card that has just gone
  const FOCUS = ["[data-focus]", "[aria-invalid=true]", "#statement", "[aria-pressed=true]"]; // what a swap is about
  const KEYS = { a: ".vote.agree", d: ".vote.disagree", p: ".vote.pass", u: "[data-undo]" };
  const TYPED_IN = "textarea, select, input:not([type=checkbox], [type=radio]), [contenteditable]";
  const find = (selector, within = document) => within.querySelector(selector);
  const listen = (name, answer, first = false) => document.addEventListener(name, answer, first);
  const keys = find("#keys");
  let swapped = -Infinity;
  let pressed = null;
  let failed = null;

  const swappedNow = () => (swapped = performance.now());
  const keysWorkAnywhere = () => {
    try {
      return localStorage.keys === "anywhere";
    } catch {
      return false; // the browser keeps nothing for us
    }
  };
  const complain = () => {
    failed = pressed;
    find("#notices").replaceChildren(find("#unreachable").content.cloneNode(true));
    find("#notices").scrollIntoView({ block: "nearest" });
  };
  const stopEarly = (event) => {
    if (event.timeStamp - swapped > DEAD_TIME || !event.target.closest("[data-keys] :is(form, button, a)")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  // Heard before htmx's own listeners on the form, hence in the capturing phase.
  listen("submit", stopEarly, true);
  listen("click", (event) => {
    pressed = event.target.closest("button, a");
    stopEarly(event);
  }, true);
  listen("click", (event) => {
    if (event.target.closest("[data-retry]")) failed?.isConnected ? failed.click() : location.reload();
  });

  listen("keydown", (event) => {
    const { key, target } = event;
    if (!keys || target.closest(TYPED_IN) || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const isHeard = target.closest("[data-keys]") || keysWorkAnywhere();
    if (key === "?" && (isHeard || target.closest("#keys"))) {
      event.preventDefault();
      keys.hidden = false;
      keys.open = !keys.open;
      find(keys.open ? "#keys summary" : "#statement").focus();
    } else if (isHeard && KEYS[key?.toLowerCase()]) {
      event.preventDefault();
      find(KEYS[key.toLowerCase()])?.click();
    }
  });
  if (keys) {
    keys.hidden = !matchMedia("(hover: hover) and (pointer: fine)").matches;
    find("#keys-anywhere").checked = keysWorkAnywhere();
    find("#keys-anywhere").addEventListener("change", ({ target }) => {
      try {
        localStorage.keys = target.checked ? "anywhere" : "";
      } catch {
        target.checked = false;
      }
    });
  }

  listen("htmx:before:request", () => find("#notices").replaceChildren());
  listen("htmx:before:swap", (event) => {
    swappedNow();
    const { response, hx } = event.detail.ctx;
    if (response?.status < 500 || hx?.retarget) return;
    // The plain page of a failure would take the place of the form and of what was typed in it.
    event.preventDefault();
    complain();
  });
  listen("htmx:after:swap", (event) => {
    const swappedIn = event.target;
    const said = find("[data-announce]", swappedIn)?.dataset.announce ?? find(".notice", swappedIn)?.textContent ?? "";
    // Emptied first: the same words twice in a row would not be read again.
    find("#announce").textContent = "";
    setTimeout(() => (find("#announce").textContent = said), 100);
    const place = FOCUS.map((selector) => find(selector, swappedIn)).find(Boolean);
    // Where the pressed button is still there, only a message was swapped in elsewhere.
    if (!place || swappedIn.contains(pressed)) return;
    // A new card is read from its top: the focus alone would scroll past the situation.
    if (swappedIn.getBoundingClientRect().top < 0) swappedIn.scrollIntoView();
    place.focus({ preventScroll: place.id === "statement" });
  });

  listen("htmx:after:swap", () => {
    swappedNow();
    requestAnimationFrame(swappedNow); // a card that was not seen yet was not meant
  });

  // Buttons are disabled while a vote is on its way, which drops the focus; where the card stayed, it comes back.
  listen("htmx:finally:request", () => setTimeout(() => {
    if (document.activeElement === document.body && pressed?.isConnected) pressed.focus();
  }));
  listen("htmx:error", () => complain());

  // Otherwise a page begins at its top: the first Tab is the skip link.
  find("[data-focus]")?.focus();
})();

/* What htmx leaves to us: no vote by accident, keys, focus, words for screen readers, and a failure that is seen. */
"use strict";
(() => {
  const DEAD_TIME = 400; // ms after a swap: a second tap was meant for the card that has just gone
  const FOCUS = ["[data-focus]", "[aria-invalid=true]", "#statement", "[aria-pressed=true]"]; // what a swap is about
  const KEYS = { a: "agree", d: "disagree", p: "pass" };
  const find = (selector, within = document) => within.querySelector(selector);
  const listen = (name, answer, first = false) => document.addEventListener(name, answer, first);
  let swapped = -Infinity;
  let pressed = null;

  const complain = () => {
    find("#notices").replaceChildren(find("#unreachable").content.cloneNode(true));
    find("#notices").scrollIntoView({ block: "nearest" });
  };
  const stopEarly = (event) => {
    if (performance.now() - swapped > DEAD_TIME || !event.target.closest("[data-keys] form")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  // Heard before htmx's own listeners on the form, hence in the capturing phase.
  listen("submit", stopEarly, true);
  listen("click", (event) => {
    pressed = event.target.closest("button");
    if (event.target.closest(".vote-buttons")) stopEarly(event);
  }, true);

  listen("keydown", (event) => {
    const choice = KEYS[event.key?.toLowerCase()];
    const card = event.target.closest("[data-keys]");
    const writes = event.target.closest("textarea, select, input:not([type=checkbox], [type=radio]), [contenteditable]");
    if (!choice || !card || writes || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    find(`.vote-buttons [value=${choice}]`, card)?.click();
  });

  listen("htmx:before:request", () => find("#notices").replaceChildren());
  listen("htmx:before:swap", (event) => {
    swapped = performance.now();
    const { response, hx } = event.detail.ctx;
    if (response?.status < 500 || hx?.retarget) return;
    // The plain page of a failure would take the place of the form and of what was typed in it.
    event.preventDefault();
    complain();
  });
  listen("htmx:after:swap", (event) => {
    swapped = performance.now();
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

  // Buttons are disabled while a vote is on its way, which drops the focus; where the card stayed, it comes back.
  listen("htmx:finally:request", () => setTimeout(() => {
    if (document.activeElement === document.body && pressed?.isConnected) pressed.focus();
  }));
  listen("htmx:error", () => complain());

  // Otherwise a page begins at its top: the first Tab is the skip link.
  find("[data-focus]")?.focus();
})();

// What makes the pages quicker to use. Every page works without it. ES2020, no dependencies.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (element) => element.closest("input, select, textarea, [contenteditable]") !== null;

  // ---- menus: <details data-menu> close on Escape, outside, and when another opens
  const closeMenus = (except) => all("details[data-menu][open], .mainnav__more details[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu], .mainnav__more details")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details[data-menu][open], .mainnav__more details[open]");
    closeMenus();
    if (menu) menu.querySelector("summary").focus();
  });

  // ---- filters are open without script; on a narrow window they start folded
  if (matchMedia("(max-width: 59.99rem)").matches) all(".filterfold[open]").forEach((fold) => { fold.open = false; });

  // ---- keyboard: / to the search box, arrows among results, Enter follows the link that has focus
  const searchBox = () => document.getElementById("q") || document.querySelector("[data-search]");
  const links = () => all(".results > li").filter((item) => item.offsetParent !== null).map((item) => item.querySelector("h2 a, h3 a, a")).filter(Boolean);
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = searchBox();
    if (event.key === "/" && box && !typing(event.target)) {
      event.preventDefault();
      box.focus();
      box.select();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const list = links();
    const here = list.findIndex((link) => link.closest("li").contains(event.target));
    const fromBox = event.target === box;
    if (here < 0 && !fromBox) return;
    const next = event.key === "ArrowDown" ? here + 1 : here - 1;
    const target = next < 0 ? (fromBox ? null : box) : list[next];
    if (!target) return;
    event.preventDefault();
    target.focus();
  });

  // ---- live search, safe with an input method: a form with data-live is told `live`
  // when its words or choices have settled; htmx listens (data-hx-trigger="live").
  // Nothing is sent while characters are being composed.
  let waiting = 0;
  let composing = false;
  const live = (form, delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (!composing) form.dispatchEvent(new CustomEvent("live", { bubbles: true })); }, delay);
  };
  document.addEventListener("compositionstart", () => { composing = true; });
  document.addEventListener("compositionend", (event) => {
    composing = false;
    const form = event.target.closest("form[data-live]");
    if (form) live(form, 200);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.hasAttribute("data-live") && !composing && !event.isComposing) live(form, 300);
  });
  // Enter that commits a candidate does not submit. Some input methods report it as key code 229.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
  }, true);

  // ---- a form is sent once
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    // The pressed button must stay enabled until its value has been read.
    setTimeout(() => all("button:not([type=button])", form).forEach((button) => button.setAttribute("aria-disabled", "true")), 0);
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    all("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
      all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
    });
  });

  // ---- pasting: invisible characters go, outer blanks of a one-line field too
  const invisible = /[\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF]/g;
  document.addEventListener("paste", (event) => {
    const field = event.target;
    if (!field.matches("input:not([type=password]), textarea") || !event.clipboardData) return;
    const text = event.clipboardData.getData("text/plain");
    let clean = text.replace(invisible, "").replace(/\u00A0/g, " ");
    if (field.tagName === "INPUT") clean = clean.replace(/\s+/g, " ").trim();
    if (clean === text) return;
    // insertText keeps the browser's undo; setRangeText is the net below it.
    event.preventDefault();
    if (!document.execCommand("insertText", false, clean)) {
      field.setRangeText(clean, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  // ---- display settings are tried at once, and kept when the form is sent
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-preferences]");
    if (form && (event.target.name === "size" || event.target.name === "theme")) {
      document.documentElement.setAttribute(`data-${event.target.name}`, event.target.value);
    }
  });

  // ---- a link of the error summary goes to its control, label in view; the summary has focus first
  const summary = document.querySelector("[data-errors]");
  if (summary) summary.focus();
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-errors] a");
    const control = link && document.getElementById(link.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    (control.closest(".field") || control).scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  });

  // ---- leaving a form with unsaved words asks first (data-guard)
  let dirty = false;
  document.addEventListener("input", (event) => { if (event.target.closest("form[data-guard]")) dirty = true; });
  document.addEventListener("submit", () => { dirty = false; });
  addEventListener("beforeunload", (event) => { if (dirty) { event.preventDefault(); event.returnValue = ""; } });

  // ---- plus and minus beside a number; without script the number is typed
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const input = button.closest(".stepper").querySelector("input");
    const value = (parseInt(input.value, 10) || 0) + Number(button.dataset.step);
    input.value = Math.max(Number(input.min || 0), Math.min(Number(input.max || 9999), value));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // ---- the wall of a meeting: arrows step, digits jump, B blanks; after five minutes without a hand it rests
  const wall = document.querySelector("[data-wall]");
  if (wall) {
    const go = (link) => { if (link) location.assign(link.href); };
    const items = all(".wall__item", wall);
    let idle = 0;
    const wake = () => {
      clearTimeout(idle);
      idle = setTimeout(() => location.replace(wall.dataset.rest), 5 * 60 * 1000);
    };
    ["pointermove", "pointerdown", "keydown", "scroll"].forEach((name) => document.addEventListener(name, wake, { passive: true }));
    wake();
    document.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (event.key === "ArrowRight") go(wall.querySelector("[rel=next]"));
      if (event.key === "ArrowLeft") go(wall.querySelector("[rel=prev]"));
      if (event.key === "b" || event.key === "B") document.documentElement.classList.toggle("is-blank");
      if (/^[1-9]$/.test(event.key)) go(items[Number(event.key) - 1]);
    });
    const timer = wall.querySelector("[data-timer]");
    const since = `wall ${timer.dataset.timer}`;
    if (!sessionStorage.getItem(since)) sessionStorage.setItem(since, String(Date.now()));
    const tick = () => {
      const passed = Math.max(0, Math.floor((Date.now() - Number(sessionStorage.getItem(since))) / 1000));
      timer.textContent = `${Math.floor(passed / 60)}:${String(passed % 60).padStart(2, "0")}`;
    };
    tick();
    setInterval(tick, 1000);
  }

  // ---- buttons that only make sense with script
  all("[data-print]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => print()); });
  all("[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.done || "✓";
    });
  });
})();

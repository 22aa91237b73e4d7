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

  // ---- suggestions below a search box: needs, organisations and places in one list, each a page of its own.
  // The box keeps the focus; arrows choose, Enter goes there, Escape closes. Nothing is asked for while composing.
  const suggest = (box) => {
    const list = document.createElement("ul");
    list.id = `${box.id}-suggested`;
    list.className = "suggest";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.labels[0] ? box.labels[0].textContent : "");
    box.parentElement.append(list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) box.setAttribute(name, value);
    let timer = 0;
    let request = null;
    let chosen = -1;
    const choose = (place) => {
      chosen = place;
      [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
      if (place < 0) box.removeAttribute("aria-activedescendant");
      else box.setAttribute("aria-activedescendant", list.children[place].id);
    };
    const show = (suggestions) => {
      list.replaceChildren(...suggestions.map((one, number) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${number}`;
        option.setAttribute("role", "option");
        option.dataset.href = one.href;
        const label = document.createElement("small");
        label.textContent = one.label;
        option.append(one.name, label);
        return option;
      }));
      list.hidden = suggestions.length === 0;
      box.setAttribute("aria-expanded", String(!list.hidden));
      choose(-1);
    };
    const close = () => {
      clearTimeout(timer);
      if (request) request.abort();
      show([]);
    };
    // Where the family is stays as it was typed, unless a place was chosen.
    const go = (option) => {
      const to = new URL(option.dataset.href, location.href);
      const near = box.form.elements.namedItem("near");
      if (near && !to.searchParams.has("near")) to.searchParams.set("near", near.value);
      location.assign(to.href);
    };
    const ask = async () => {
      const words = box.value.trim();
      if (request) request.abort();
      if (!words) { show([]); return; }
      request = new AbortController();
      const { signal } = request;
      try {
        const answer = await fetch(`/api/v1/services/suggest?q=${encodeURIComponent(words)}`, { signal });
        if (!answer.ok) throw new Error(String(answer.status));
        const { suggestions } = await answer.json();
        if (!signal.aborted && document.activeElement === box) show(suggestions);
      } catch (fault) {
        if (!signal.aborted) show([]);
      }
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => { if (!composing) ask(); }, 120);
    };
    box.addEventListener("input", (event) => { if (!composing && !event.isComposing) soon(); });
    box.addEventListener("compositionstart", close);
    box.addEventListener("compositionend", soon);
    box.addEventListener("blur", close);
    box.form.addEventListener("submit", close);
    box.addEventListener("keydown", (event) => {
      if (list.hidden || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
      const count = list.children.length;
      if (event.key === "ArrowDown") choose((chosen + 2) % (count + 1) - 1);
      else if (event.key === "ArrowUp") choose((chosen + count + 1) % (count + 1) - 1);
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && chosen >= 0) go(list.children[chosen]);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) go(option);
    });
  };
  all("[data-search]").filter((box) => box.id && box.form).forEach(suggest);

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
  // A fault above a form says which field it is of.
  all("[data-errors] a").forEach((link) => {
    const field = document.getElementById(link.hash.slice(1));
    const around = field && field.closest("fieldset");
    const one = field && field.labels && field.labels[0] && !["radio", "checkbox"].includes(field.type) ? field.labels[0] : null;
    const label = one || (field && field.querySelector("legend")) || (around && around.querySelector("legend"));
    const name = label && label.firstChild ? label.firstChild.textContent.trim() : "";
    if (name && !link.textContent.includes(name)) link.prepend(`${name}：`);
  });

  // ---- a box that narrows long folds of choices to those with a word; what is ticked stays
  all("[data-narrow]").forEach((box) => {
    const folds = all("details", document.getElementById(box.dataset.narrow)).map((fold) => [fold, fold.open]);
    const none = box.parentElement.querySelector("[data-none]");
    box.parentElement.hidden = false;
    const narrow = () => {
      const words = box.value.trim().toLowerCase();
      let found = words === "";
      folds.forEach(([fold, open]) => {
        const heading = fold.querySelector("summary").textContent.toLowerCase().includes(words);
        let some = false;
        all(".option", fold).forEach((option) => {
          const has = heading || option.textContent.toLowerCase().includes(words) || option.dataset.words.includes(words);
          found = found || has;
          option.hidden = !has && !option.querySelector("input").checked;
          some = some || !option.hidden;
        });
        fold.hidden = !some;
        fold.open = words === "" ? open : some;
      });
      none.textContent = found ? "" : none.dataset.none;
    };
    box.addEventListener("input", (event) => { if (!event.isComposing) narrow(); });
    box.addEventListener("compositionend", narrow);
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  });

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

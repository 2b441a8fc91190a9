// Comfort: keys, the time that is left to take a decision back, and a queue that says when it has changed. Nothing here is
// needed; what a key does, a link or a button of the page does. Keys are of one letter, can be switched off and changed
// (WCAG 2.1.4), and are none where somebody types. What a person chose stands in the storage of their browser.
"use strict";

(() => {
    const STORE = "galateo-keys";
    const texts = document.getElementById("keys");
    if (!texts) {
        return;
    }
    const names = JSON.parse(texts.dataset.names);
    const usual = { next: "j", previous: "k", open: "o", confirm: "c", overturn: "a", assign: "g", undo: "z", skip: "n", search: "/", queue: "q", help: "?" };
    const chosen = read();
    const keys = { ...usual, ...chosen.keys };
    const body = document.body;

    function read() {
        try {
            const found = JSON.parse(localStorage.getItem(STORE));
            return { off: found?.off === true, keys: typeof found?.keys === "object" ? found.keys : {} };
        } catch {
            return { off: false, keys: {} };
        }
    }

    function write() {
        try {
            localStorage.setItem(STORE, JSON.stringify(chosen));
        } catch {
            // Then it holds for this page.
        }
    }

    const entries = [...document.querySelectorAll("main .entry")];
    let at = -1;

    function move(by) {
        if (entries.length === 0) {
            return;
        }
        entries[at]?.classList.remove("chosen");
        at = Math.min(Math.max(at + by, 0), entries.length - 1);
        entries[at].classList.add("chosen");
        const link = entries[at].querySelector("a");
        link?.focus({ preventScroll: true });
        entries[at].scrollIntoView({ block: "nearest" });
    }

    // The first press chooses the form and its first prepared reason; the second sends it. So nothing is decided by one key, nor by
    // one that is held down.
    function decide(what) {
        const form = document.querySelector(`form[action$="/${what}"]`);
        if (!form) {
            return;
        }
        const button = form.querySelector("button");
        const reasons = form.querySelector("select[name=prepared]");
        if (document.activeElement === button) {
            form.requestSubmit(button);
            return;
        }
        form.closest("details")?.setAttribute("open", "");
        if (reasons && reasons.selectedIndex === 0 && form.querySelector("textarea").value.trim() === "") {
            reasons.selectedIndex = 1;
        }
        const is_empty = (reasons?.selectedIndex ?? 0) < 1 && form.querySelector("textarea").value.trim() === "";
        (is_empty ? form.querySelector("textarea") : button).focus();
        form.scrollIntoView({ block: "nearest" });
    }

    function assign() {
        const form = document.querySelector('form[action$="/assign"]');
        if (!form) {
            return;
        }
        form.closest("details").open = true;
        form.querySelector("textarea").focus();
    }

    const go = (selector) => document.querySelector(selector)?.click();
    const acts = {
        next: () => move(1),
        previous: () => move(-1),
        open: () => (entries[at < 0 ? 0 : at]?.querySelector("a") ?? document.querySelector("main .entry a"))?.click(),
        confirm: () => decide("confirm"),
        overturn: () => decide("overturn"),
        assign,
        undo: () => go("form[data-undo] button"),
        skip: () => go("a[data-next]"),
        search: () => go('nav a[href="/console/search"]'),
        queue: () => go('nav a[href="/console/queue"]'),
        help,
    };

    document.addEventListener("keydown", (event) => {
        const is_typing = event.target.closest?.("textarea, input:not([type=radio]):not([type=checkbox]), select, dialog");
        if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented || is_typing || chosen.off) {
            return;
        }
        const act = Object.keys(acts).find((name) => keys[name] === event.key);
        if (act) {
            event.preventDefault();
            acts[act]();
        }
    });

    // The list of keys, where they are changed and switched off.
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = names.keys;
    button.addEventListener("click", help);
    document.querySelector(".who")?.append(button);

    function help() {
        document.querySelector("dialog")?.remove();
        const dialog = document.createElement("dialog");
        dialog.setAttribute("aria-label", names.keys);
        const off = labelled("input", names.off);
        off.field.type = "checkbox";
        off.field.checked = chosen.off;
        off.field.addEventListener("change", () => {
            chosen.off = off.field.checked;
            write();
        });
        dialog.append(off.label);
        for (const name of Object.keys(acts)) {
            const key = labelled("input", names[name]);
            key.field.type = "text";
            key.field.maxLength = 1;
            key.field.value = keys[name];
            key.field.addEventListener("change", () => {
                const taken = Object.keys(keys).some((other) => other !== name && keys[other] === key.field.value);
                if (key.field.value === "" || taken) {
                    key.field.value = keys[name];
                    return;
                }
                keys[name] = key.field.value;
                chosen.keys = keys;
                write();
            });
            dialog.append(key.label);
        }
        const close = document.createElement("button");
        close.type = "button";
        close.className = "btn";
        close.textContent = names.close;
        close.addEventListener("click", () => dialog.close());
        dialog.append(close);
        dialog.addEventListener("close", () => dialog.remove());
        body.append(dialog);
        dialog.showModal();
    }

    function labelled(element, text) {
        const label = document.createElement("label");
        const field = document.createElement(element);
        label.append(field, ` ${text}`);
        return { label, field };
    }

    // How long a decision can still be taken back, by the clock of this page and the time that was left when it was made.
    for (const form of document.querySelectorAll("form[data-undo]")) {
        const said = form.parentElement.querySelector("[data-undo-said]");
        const seconds = said.querySelector("[data-seconds]");
        const end = performance.now() + Number(form.dataset.undo);
        const tick = setInterval(() => {
            const left = Math.ceil((end - performance.now()) / 1000);
            if (left > 0) {
                seconds.textContent = left;
                return;
            }
            clearInterval(tick);
            form.remove();
            said.textContent = names.counts;
        }, 250);
        // Whoever listens hears it once, and not each second.
        seconds.setAttribute("aria-hidden", "true");
    }

    // Whether other cases wait than those that are shown: said, and not done, so that nothing moves under a finger.
    const queue = document.querySelector("[data-queue]");
    if (queue) {
        setInterval(async () => {
            if (document.hidden) {
                return;
            }
            // Nobody sits there for that: the session goes on to its end.
            const headers = { "galateo-unattended": "1" };
            const answer = await fetch(location.href, { headers, redirect: "error" }).catch(() => null);
            const text = answer?.ok ? await answer.text() : "";
            const found = new DOMParser().parseFromString(text, "text/html").querySelector("[data-queue]");
            if (found && found.dataset.queue !== queue.dataset.queue) {
                document.querySelector("[data-changed]").hidden = false;
            }
        }, 20_000);
    }
})();

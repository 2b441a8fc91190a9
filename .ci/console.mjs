// The console in a real browser: decide, take back, confirm a group, a second person, filters, by keys alone and without a
// script; sign out, and a session that is ended in the middle; every page against WCAG 2.1 A and AA with axe-core, in both
// languages, light and dark, wide and at 320 px.
//
//   node .ci/console.mjs CHROMIUM http://127.0.0.1:PORT KEY

import { createRequire } from "node:module";

const require = createRequire(new URL("../target/ci/axe/", import.meta.url));
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
const VIEWS = [
    { name: "light", viewport: { width: 1280, height: 900 }, colorScheme: "light" },
    { name: "dark, narrow", viewport: { width: 320, height: 640 }, colorScheme: "dark" },
];
const PAGES = [
    "", "/queue", "/tasks", "/automation", "/register", "/since", "/reports", "/try", "/search?q=x", "/sessions", "/log", "/nowhere",
    "/signed-out",
];

const [executablePath, base, key] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const found = [];

/** A browser in which somebody is signed in. */
async function signedIn(person, options = {}) {
    const context = await browser.newContext({ locale: "it-IT", ...options });
    const page = await context.newPage();
    // What the policy of a page forbids, and scripts that fail, are told there.
    page.on("console", (message) => message.type() === "error" && !/status of 40\d/.test(message.text()) && found.push(`${person}: ${message.text()}`));
    page.on("pageerror", (error) => found.push(`${person}: ${error}`));
    await page.goto(`${base}/sandbox/identity/open?key=${key}`);
    await page.click(`a[href*="person=${person}"]`);
    if (!page.url().startsWith(`${base}/console`)) {
        found.push(`${person} is at ${page.url()} after signing in`);
    }
    return page;
}

function expect(holds, what) {
    if (!holds) {
        found.push(what);
    }
}

// What axe runs in, the page itself may not: the policy of the page is set aside for it alone.
for (const view of VIEWS) {
    const { name, ...options } = view;
    const page = await signedIn("sandbox-elena", { ...options, bypassCSP: true });
    const paolo = await signedIn("sandbox-paolo", { ...options, bypassCSP: true });
    const first = await page.goto(`${base}/console/queue`).then(() => page.getAttribute(".entry h3 a", "href"));
    const author = await page.goto(base + first).then(() => page.getAttribute('a[href^="/console/author/"]', "href"));
    const paths = [...PAGES.map((path) => `/console${path}`), first, ...(author ? [author] : [])];
    const inBoth = (path) => ["it", "en"].map((lang) => `${path}${path.includes("?") ? "&" : "?"}lang=${lang}`);
    const visits = paths.flatMap(inBoth).map((path) => [path.includes("/sessions") || path.includes("/log") ? paolo : page, path]);
    visits.push(...[`${first}/dossier`, ...(author ? [`${author}/export`, `${author}/erase`] : [])].flatMap(inBoth).map((path) => [paolo, path]));
    for (const [page, path] of visits) {
        await page.goto(base + path);
        for (const details of await page.$$("details")) {
            await details.evaluate((element) => (element.open = true));
        }
        await page.addScriptTag({ content: axe.source });
        const result = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), STANDARD);
        for (const violation of result.violations) {
            found.push(`${name} ${path}: ${violation.id}: ${violation.nodes[0].target.join(" ")}: ${violation.nodes[0].failureSummary}`);
        }
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow <= 0, `${name} ${path}: ${overflow} px wider than the window`);
    }
    // The list of keys.
    await page.goto(`${base}/console/queue`);
    await page.keyboard.press("?");
    await page.addScriptTag({ content: axe.source });
    const keys = await page.evaluate((tags) => window.axe.run(document.querySelector("dialog"), { runOnly: tags }), STANDARD);
    keys.violations.forEach((violation) => found.push(`${name}, keys: ${violation.id}`));
    await page.context().close();
    await paolo.context().close();
}

/** Chooses a form of a case, writes a reason and sends it. */
async function decide(page, what, reason) {
    const form = page.locator(`form[action$="/${what}"]`);
    await form.locator("textarea").fill(reason);
    const anyway = form.locator('input[name="anyway"]');
    if ((await anyway.count()) > 0) {
        await anyway.check();
    }
    await form.locator("button").click();
}

/** Waits until something holds. */
async function until(holds, what) {
    for (let tries = 0; tries < 60; tries += 1) {
        if (await holds()) {
            return;
        }
        await new Promise((again) => setTimeout(again, 500));
    }
    found.push(what);
}

/** Somebody writes what breaks the rules; the platform tells of it. */
async function written(text, author) {
    const answer = await fetch(`${base}/sandbox/comments`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ platform: "facebook", text, author }),
    });
    expect(answer.status === 201, `writing a comment was answered ${answer.status}: ${await answer.text()}`);
}

// A sanction takes whoever leads, and a ban two people: who was blocked is in the register, with the warnings before.
const lead = { marco: await signedIn("sandbox-marco"), elena: await signedIn("sandbox-elena") };
const again = { id: "26000000000000999", name: "Recidivo Prova" };
const author = `${base}/console/search?platform=facebook&id=${again.id}`;
const sanction = async (page, what) => {
    await until(async () => {
        await page.goto(author);
        return (await page.textContent("main")).includes(what);
    }, `there is no ${what}`);
    const link = page.locator("li", { hasText: what }).locator('a[href^="/console/case/"]');
    return (await link.count()) > 0 ? base + (await link.last().getAttribute("href")) : null;
};
for (let number = 1; number <= 4; number += 1) {
    await written(`Siete dei coglioni, ve lo dico per la volta ${number}`, again);
    await new Promise((later) => setTimeout(later, 2000));
}
const block = await sanction(lead.marco, "blocco temporaneo: attende conferma");
if (block) {
    await lead.marco.goto(block);
    expect((await lead.marco.locator('form[action$="/confirm"]').count()) === 0, "who does not lead may impose a sanction");
    await lead.elena.goto(block);
    await decide(lead.elena, "confirm", "Riletto: il blocco è dovuto");
    await sanction(lead.elena, "blocco temporaneo: in vigore");
    await lead.elena.goto(`${base}/console/register`);
    const listed = await lead.elena.textContent("main");
    expect(listed.includes(again.name) && listed.includes("ultimo avvertimento, "), `not in the register: ${listed}`);
    // Let back in, and at it again.
    await lead.elena.goto(author);
    await decide(lead.elena, "unban", "Si è scusato");
    await sanction(lead.elena, "blocco temporaneo: terminat");
    await until(async () => {
        const state = await (await fetch(`${base}/sandbox/journal`, { headers: { authorization: `Bearer ${key}` } })).json();
        return state.some((call) => call.method === "DELETE" && call.path.includes("blocked"));
    }, "nobody asked the platform to let them in");
    await written("Siete dei coglioni, e mi avete anche bloccato", again);
    const ban = await sanction(lead.marco, "esclusione: attende conferma");
    if (ban) {
        await lead.marco.goto(ban);
        await decide(lead.marco, "confirm", "Riletto: l'esclusione è dovuta");
        await until(async () => {
            await lead.elena.goto(ban);
            return (await lead.elena.locator('form[action$="/confirm"]').count()) > 0;
        }, "the second person cannot confirm a ban");
        await decide(lead.elena, "confirm", "Riletto anche da me: è dovuta");
        await sanction(lead.elena, "esclusione: in vigore");
    }
}
for (let number = 0; number < 12; number += 1) {
    await written(`Chi ha scritto il commento ${number} sopra vi ha dato del coglione`, { id: `2600000000000${100 + number}`, name: `Persona ${number}` });
}

// Filters: kept in the address, and each row is of the kind that was asked for.
const filtering = await signedIn("sandbox-marco");
await filtering.goto(`${base}/console/queue`);
await filtering.selectOption("#platform", "facebook");
await filtering.click("form.filters button");
expect(filtering.url().includes("platform=facebook"), "the filter is not in the address");
const headings = await filtering.locator(".entry h3").allTextContents();
expect(headings.length > 0 && headings.every((heading) => heading.includes("Facebook")), `filtered by Facebook: ${headings}`);

// By keys alone: ten cases from the queue, in at most thirty presses. The last is taken back.
let presses = 0;
const press = async (key, leads) => {
    presses += 1;
    await Promise.all([leads ? filtering.waitForNavigation() : null, filtering.keyboard.press(key)]);
};
await filtering.goto(`${base}/console/queue`);
const many = 10;
await press("o", true);
let decided = 0;
for (let tries = 0; tries < 13 && decided < many; tries += 1) {
    const key = (await filtering.locator('form[action$="/confirm"] button').count()) > 0 ? "c" : "n";
    if (key === "n") {
        await press("n", true);
        continue;
    }
    await press("c");
    await press("c", true);
    decided += filtering.url().includes("decided=") ? 1 : 0;
}
console.log(`by keys: ${decided} cases decided with ${presses} presses`);
expect(decided === many && presses <= 30, `by keys: ${decided} of ${many} cases with ${presses} presses`);
const last = new URL(filtering.url()).searchParams.get("decided");
await press("z", true);
expect(filtering.url().includes(`/case/${last}?said=taken-back`), `after taking back: ${filtering.url()}`);
const record = await filtering.textContent("main");
expect(record.includes("decisione annunciata") && record.includes("ripresa prima che valesse"), "not both are on record");
expect((await filtering.locator('form[action$="/confirm"]').count()) === 1, "what was taken back cannot be decided");
await filtering.keyboard.press("?");
expect(await filtering.locator("dialog").isVisible(), "there is no list of keys");
await filtering.locator('dialog input[type="checkbox"]').check();
await filtering.locator("dialog button").click();
await filtering.keyboard.press("q");
expect(filtering.url().includes("/case/"), "a key did something that was switched off");

// Two people at one case, without any script.
const marco = await signedIn("sandbox-marco", { javaScriptEnabled: false });
const elena = await signedIn("sandbox-elena", { javaScriptEnabled: false });
await marco.goto(`${base}/console/queue`);
const free = marco.locator(".entry:not(:has-text('ancora annullabile')) h3 a");
const address = base + (await free.last().getAttribute("href"));
await elena.goto(address);
await marco.goto(address);
await decide(marco, "confirm", "Riletto: viola la regola");
expect(marco.url().includes("decided="), `after confirming Marco is at ${marco.url()}`);
await decide(elena, "overturn", "Non mi pare");
expect((await elena.textContent("body")).includes("Nel frattempo Marco Bianchi"), "the second person was not told who was first");
expect((await elena.locator('form[action$="/overturn"]').count()) === 0, "somebody else decides while a decision can be taken back");
// It counts by itself.
await until(async () => {
    await marco.goto(address);
    return (await marco.textContent("main")).includes("chiuso") || (await marco.locator('form[action$="/take-back"]').count()) === 0;
}, "a decision never came to count");
// And back, without a script.
await marco.goto(`${base}/console/queue`);
const other = await free.last().getAttribute("href");
if (other) {
    await marco.goto(base + other);
    await decide(marco, "overturn", "Riletto: non viola nulla");
    await marco.click('form[action$="/take-back"] button');
    expect(marco.url().includes("said=taken-back"), `without a script, after taking back: ${marco.url()}`);
}
// A group: halted as a raid, what arrives is confirmed at once with its texts on the screen.
await elena.goto(`${base}/console/automation`);
const account = elena.locator("details", { hasText: "Facebook: " }).first();
const halting = account.locator("form");
await elena.locator("summary", { hasText: "Facebook: " }).first().click();
await halting.locator('input[value="raid"]').check();
await halting.locator("textarea").fill("Prova di un attacco");
await halting.locator("button").click();
for (let number = 0; number < 3; number += 1) {
    await written(`Coglioni tutti, ${number}`, { id: `2700000000000${100 + number}`, name: `Ondata ${number}` });
}
await elena.goto(`${base}/console/queue`);
const group = elena.locator('a[href^="/console/group/"]').first();
expect((await group.count()) > 0, "a raid was halted, and no group waits");
if ((await group.count()) > 0) {
    const address = base + (await group.getAttribute("href"));
    await until(async () => {
        await elena.goto(address);
        return (await elena.locator(".entry blockquote").count()) >= 3;
    }, "what arrived in a raid is not in its group");
    const texts = await elena.locator(".entry blockquote").count();
    await decide(elena, "confirm", "Riletti: violano la regola");
    expect(new URL(elena.url()).searchParams.get("confirmed") === String(texts), `of ${texts} in a group: ${elena.url()}`);
}
// A session that is ended in the middle: what was typed is not on record, and the page says so.
const lost = await signedIn("sandbox-lucia", { javaScriptEnabled: false });
const paolo = await signedIn("sandbox-paolo", { javaScriptEnabled: false });
await lost.goto(`${base}/console/try`);
await lost.fill("#text", "una prova");
await paolo.goto(`${base}/console/sessions`);
for (;;) {
    const end = paolo.locator('button:has-text("Lucia Neri")').first();
    if ((await end.count()) === 0) {
        break;
    }
    await end.click();
}
await lost.click('form[action="/console/try"] button');
expect((await lost.textContent("body")).includes("La sessione è finita"), "nobody was told that their session has ended");
await elena.click(".who button");
await elena.goto(`${base}/console`);
expect(elena.url().includes("/sandbox/identity/authorize"), `after signing out Elena is at ${elena.url()}`);

await browser.close();
found.forEach((line) => console.error(line));
console.log(`the console in a browser: ${found.length} problems`);
process.exit(found.length > 0 ? 1 : 0);

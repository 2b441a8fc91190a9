// The console in a real browser: sign in, decide, sign out, by forms alone; every page against WCAG 2.1 A and AA with
// axe-core, in both languages, light and dark, wide and at 320 px.
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
const PAGES = ["", "/queue", "/tasks", "/automation", "/try", "/search?q=x", "/sessions", "/nowhere", "/signed-out"];

const [executablePath, base, key] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const found = [];

/** A browser in which somebody is signed in. Without scripts, as the console has none. */
async function signedIn(person, options = {}) {
    const context = await browser.newContext({ locale: "it-IT", ...options });
    const page = await context.newPage();
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
    const first = await page.goto(`${base}/console/queue`).then(() => page.getAttribute(".entry h3 a", "href"));
    const author = await page.goto(base + first).then(() => page.getAttribute('a[href^="/console/author/"]', "href"));
    const paths = [...PAGES.map((path) => `/console${path}`), first, ...(author ? [author] : [])];
    for (const path of paths.flatMap((path) => ["it", "en"].map((lang) => `${path}${path.includes("?") ? "&" : "?"}lang=${lang}`))) {
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
    await page.context().close();
}

// Two people at one case, without any script.
const marco = await signedIn("sandbox-marco", { javaScriptEnabled: false });
const elena = await signedIn("sandbox-elena", { javaScriptEnabled: false });
await marco.goto(`${base}/console/queue`);
const address = base + (await marco.locator(".entry h3 a").nth(1).getAttribute("href"));
await elena.goto(address);
await marco.goto(address);
await marco.fill("#reason-confirm", "Riletto: viola la regola");
await marco.locator("form", { has: marco.locator("#reason-confirm") }).locator("button").click();
expect(marco.url().includes("decided="), `after confirming Marco is at ${marco.url()}`);
await elena.fill("#reason-overturn", "Non mi pare");
const anyway = elena.locator('form:has(#reason-overturn) input[name="anyway"]');
if ((await anyway.count()) > 0) {
    await anyway.check();
}
await elena.locator("form", { has: elena.locator("#reason-overturn") }).locator("button").click();
expect((await elena.textContent("body")).includes("Nel frattempo Marco Bianchi"), "the second person was not told who was first");
await elena.click(".who button");
await elena.goto(`${base}/console`);
expect(elena.url().includes("/sandbox/identity/authorize"), `after signing out Elena is at ${elena.url()}`);

await browser.close();
found.forEach((line) => console.error(line));
console.log(`the console in a browser: ${found.length} problems`);
process.exit(found.length > 0 ? 1 : 0);

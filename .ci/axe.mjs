// Checks pages against WCAG 2.1 A and AA with axe-core in a real browser: light, dark, narrow, enlarged text spacing,
// and as printed. Run by .ci/run, which installs what it needs below target/ci.
//
//   node .ci/axe.mjs CHROMIUM PAGE.html...

import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(new URL("../target/ci/axe/", import.meta.url));
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];

const WIDE = { width: 1280, height: 900 };
// The width at which success criterion 1.4.10 asks that nobody has to scroll in two directions.
const NARROW = { width: 320, height: 640 };
// What success criterion 1.4.12 lets readers set without losing content.
const SPACING =
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }" +
    "p { margin-bottom: 2em !important }";

const VIEWS = [
    { name: "light", viewport: WIDE, media: { colorScheme: "light" } },
    { name: "dark", viewport: WIDE, media: { colorScheme: "dark" } },
    { name: "narrow", viewport: NARROW, media: { colorScheme: "light" } },
    { name: "narrow, spaced", viewport: NARROW, media: { colorScheme: "dark" }, style: SPACING },
    { name: "print", viewport: WIDE, media: { media: "print", colorScheme: "dark" } },
];

/** What is wrong with a page in one view, one line each. */
async function problems(page, view) {
    const found = [];
    const result = await page.evaluate((tags) => axe.run(document, { runOnly: tags }), STANDARD);
    for (const violation of result.violations) {
        for (const node of violation.nodes) {
            found.push(`${violation.id}: ${violation.help}: ${node.target.join(" ")}: ${node.failureSummary}`);
        }
    }
    // What axe cannot decide, such as the contrast on a picture, a person would have to look at at every change.
    for (const doubt of result.incomplete) {
        // Texts of charts, and cells that are scrolled out of sight: their contrast is computed below.
        const computed = /^<(text|th|td|caption)[ >]/;
        const open = doubt.nodes.filter((node) => !(doubt.id === "color-contrast" && computed.test(node.html)));
        if (open.length > 0) {
            found.push(`${doubt.id}: ${doubt.help}: axe cannot tell: ${open[0].target.join(" ")}`);
        }
    }
    found.push(...(await contrastProblems(page)));
    if (result.passes.length === 0) {
        found.push("axe checked nothing");
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 0) {
        found.push(`the page is ${overflow} px wider than the window`);
    }
    if (view.name === "light") {
        found.push(...(await keyboardProblems(page)));
    }
    return found;
}

/**
 * What is too faint against the page where axe cannot look: text below 4.5:1 (1.4.3), shapes that carry meaning below
 * 3:1 (1.4.11). The texts of our charts never stand on their shapes, and tables have no background of their own.
 */
async function contrastProblems(page) {
    return page.evaluate(() => {
        const luminance = (colour) => {
            const [red, green, blue] = colour.match(/[\d.]+/g).map((part) => {
                const share = Number(part) / 255;
                return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        };
        const paper = luminance(getComputedStyle(document.documentElement).backgroundColor);
        const contrast = (colour) => {
            const [dark, bright] = [luminance(colour), paper].sort((one, other) => one - other);
            return (bright + 0.05) / (dark + 0.05);
        };
        const checks = [
            { shapes: "th, td, caption", colour: "color", least: 4.5 },
            { shapes: "svg text", colour: "fill", least: 4.5 },
            { shapes: "svg .bar", colour: "fill", least: 3 },
            { shapes: "svg .line", colour: "stroke", least: 3 },
        ];
        return checks.flatMap(({ shapes, colour, least }) => {
            const faint = [...document.querySelectorAll(shapes)].find(
                (shape) => contrast(getComputedStyle(shape)[colour]) < least,
            );
            return faint ? [`${shapes}: contrast below ${least}: ${faint.outerHTML}`] : [];
        });
    });
}

/** Whether the first key press leads to a visible link to the content, and every link shows that it has the focus. */
async function keyboardProblems(page) {
    const found = [];
    await page.keyboard.press("Tab");
    const first = await page.evaluate(() => {
        const { top, bottom } = document.activeElement.getBoundingClientRect();
        const href = document.activeElement.getAttribute("href") ?? "";
        return { leadsIn: href.startsWith("#") && document.querySelector("main")?.id === href.slice(1), top, bottom };
    });
    if (!first.leadsIn || first.top < 0 || first.bottom <= first.top) {
        found.push("the first Tab does not reach a visible link to <main>");
    }
    const links = await page.evaluate(() => document.querySelectorAll("a[href]").length);
    for (let reached = 1; reached <= links; reached += 1) {
        const focus = await page.evaluate(() => {
            const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
            return { shows: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2, is: document.activeElement.outerHTML };
        });
        if (!focus.shows) {
            found.push(`the focus does not show on ${focus.is}`);
        }
        await page.keyboard.press("Tab");
    }
    return found;
}

const [executablePath, ...files] = process.argv.slice(2);
if (!executablePath || files.length === 0) {
    console.error("usage: node .ci/axe.mjs CHROMIUM PAGE.html...");
    process.exit(2);
}

// Containers rarely let Chromium build its sandbox, and it opens nothing here but our own pages.
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
let failed = 0;
for (const file of files) {
    for (const view of VIEWS) {
        const context = await browser.newContext({ viewport: view.viewport, offline: true });
        const page = await context.newPage();
        // A page to publish needs nothing but itself.
        const requests = [];
        page.on("request", (request) => requests.push(request.url()));
        await page.emulateMedia(view.media);
        await page.goto(pathToFileURL(resolve(file)).href);
        const found = requests.slice(1).map((url) => `the page asks for ${url}`);
        await page.evaluate(axe.source);
        if (view.style) {
            await page.addStyleTag({ content: view.style });
        }
        found.push(...(await problems(page, view)));
        found.forEach((problem) => console.error(`${file} (${view.name}): ${problem}`));
        failed += found.length;
        await context.close();
    }
    console.log(`${file}: checked in ${VIEWS.length} views`);
}
await browser.close();
if (failed > 0) {
    console.error(`${failed} accessibility problems`);
    process.exit(1);
}

// Opens the HTML report as an app owner would and says what is wrong with it.
// usage: node check.mjs PAGE PAGE-OF-MANY-APPS INDEX-OF-OWNERS PAGE-OF-ARCHIVES [FOLDER FOR SCREENSHOTS]
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";
import { readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import { chromium } from "playwright-core";

const [page, many, index, several, screenshots] = process.argv.slice(2);
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: process.getuid?.() === 0 ? ["--no-sandbox", ...quiet] : quiet,
});

async function open(options, file = page, hash = "") {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const tab = await context.newPage();
  const seen = { requests: [], complaints: [] };
  tab.on("request", (request) => seen.requests.push(request.url()));
  tab.on("console", (message) => seen.complaints.push(message.text()));
  tab.on("pageerror", (error) => seen.complaints.push(String(error)));
  tab.on("dialog", (dialog) => { seen.complaints.push("dialog: " + dialog.message()); dialog.dismiss(); });
  await tab.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
  });
  await tab.goto(pathToFileURL(path.resolve(file)).href + hash);
  return { tab, seen, close: () => context.close() };
}

const checks = {
  async "the page loads nothing, breaks no rule of its policy and runs nothing of an archive"() {
    const { tab, seen, close } = await open({});
    assert.equal(await tab.locator("article.app").getByText("<script>", { exact: false }).count() > 0, true);
    assert.deepEqual(await tab.evaluate(() => window.violations), []);
    assert.deepEqual(seen.complaints, []);
    assert.equal(await tab.evaluate(() => window.owned), undefined);
    assert.equal(await tab.locator("script").count(), 1);
    assert.deepEqual(seen.requests.filter((url) => !/^(file|data):/.test(url)), []);
    // The policy does hold: what is put into the page afterwards does not run.
    await tab.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.owned = true";
      document.body.append(script);
    });
    assert.equal(await tab.evaluate(() => window.owned), undefined);
    assert.equal((await tab.evaluate(() => window.violations)).length, 1);
    await close();
  },

  async "the filter works by app, owner and impact, together and alone"() {
    const { tab, close } = await open({});
    const apps = tab.locator("article.app:visible");
    const all = await apps.count();
    assert.ok(all > 5);
    await tab.getByLabel("App", { exact: true }).fill("FLOOD");
    assert.equal(await apps.count(), 1);
    assert.equal(await tab.getByRole("status").textContent(), `1 of ${all} apps shown`);
    await tab.getByRole("button", { name: "Show all" }).click();
    await tab.waitForFunction((count) => document.querySelector("#shown").textContent.startsWith(count + " of"), all);
    await tab.getByLabel("Owner", { exact: true }).selectOption({ label: "anna.berg" });
    const owned = await apps.count();
    assert.ok(owned > 0 && owned < all);
    assert.equal(await tab.locator("section.owner:visible").count(), 1);
    await tab.getByLabel("Impact", { exact: true }).selectOption("action");
    const acted = await apps.count();
    assert.ok(acted > 0 && acted < owned);
    for (const badge of await apps.locator("h3 + .badge").allTextContents()) assert.equal(badge, "action needed");
    await close();
  },

  async "the checklist can be ticked with the keyboard and counts"() {
    const { tab, close } = await open({});
    const owner = tab.locator("section.owner").filter({ has: tab.getByRole("heading", { name: "björn" }) });
    const boxes = owner.getByRole("checkbox");
    const count = await boxes.count();
    assert.ok(count > 1);
    assert.equal(await owner.locator(".progress").textContent(), `${count} to do`);
    await boxes.first().focus();
    await tab.keyboard.press("Space");
    assert.equal(await boxes.first().isChecked(), true);
    assert.equal(await owner.locator(".progress").textContent(), `1 of ${count} done`);
    await close();
  },

  async "ticks stay across a reload, and go to another browser as a file"() {
    const { tab, seen, close } = await open({ acceptDownloads: true });
    const boxes = (tab) => tab.locator("section.owner").filter({ has: tab.getByRole("heading", { name: "björn" }) })
      .getByRole("checkbox");
    await boxes(tab).nth(1).check();
    await tab.reload();
    assert.equal(await boxes(tab).nth(0).isChecked(), false);
    assert.equal(await boxes(tab).nth(1).isChecked(), true);
    assert.match(await tab.locator("section.owner:has(:checked) .progress").textContent(), /^1 of \d+ done$/);
    const downloading = tab.waitForEvent("download");
    await tab.getByRole("button", { name: "Save ticks" }).click();
    const file = path.join(os.tmpdir(), `flowlift-ticks-${process.pid}.json`);
    await (await downloading).saveAs(file);
    assert.equal(JSON.parse(await readFile(file, "utf8")).done.length, 1);
    assert.deepEqual(seen.complaints, []);
    await close();
    const other = await open({});
    assert.equal(await boxes(other.tab).nth(1).isChecked(), false);
    await other.tab.locator("#ticks").setInputFiles(file);
    await other.tab.getByText("1 of 1 tick found here").waitFor();
    assert.equal(await boxes(other.tab).nth(1).isChecked(), true);
    await writeFile(file, "[]");
    await other.tab.locator("#ticks").setInputFiles(file);
    await other.tab.getByText("holds no ticks").waitFor();
    await other.tab.reload();
    assert.equal(await boxes(other.tab).nth(1).isChecked(), true);
    await other.close();
  },

  async "a link shows an owner's part, and what is filtered becomes a link"() {
    const { tab, close } = await open({}, page, "#owner=anna.berg&impact=action");
    assert.deepEqual(await tab.locator("section.owner:visible h3").allTextContents(), ["anna.berg"]);
    assert.equal(await tab.getByLabel("Impact", { exact: true }).inputValue(), "action");
    await tab.getByLabel("Owner", { exact: true }).selectOption("björn");
    assert.equal(new URL(tab.url()).hash, "#owner=bj%C3%B6rn&impact=action");
    await tab.evaluate(() => { location.hash = "#owner=anna.berg"; });
    await tab.waitForFunction(() => document.getElementById("by-owner").value === "anna.berg");
    assert.equal(await tab.getByLabel("Impact", { exact: true }).inputValue(), "");
    // A link within the page is none to a filter.
    await tab.evaluate(() => { location.hash = "#checklists"; });
    assert.equal(await tab.getByLabel("Owner", { exact: true }).inputValue(), "anna.berg");
    await tab.getByLabel("App", { exact: true }).fill("there is none of this name");
    assert.match(await tab.getByRole("status").textContent(), /^Nothing matches/);
    await close();
  },

  async "an owner's tasks are copied as an e-mail to him"() {
    const { tab, close } = await open({ permissions: ["clipboard-read", "clipboard-write"] }, page, "#owner=anna.berg");
    await tab.getByRole("button", { name: "Copy as e-mail" }).click();
    await tab.getByRole("button", { name: "Copied" }).waitFor();
    const text = await tab.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /^Subject: .*\n\nHello anna\.berg,\n/);
    const tasks = await tab.locator("section.owner:visible .task").count();
    assert.equal(text.match(/^\d+\. /gm).length, tasks);
    for (const task of await tab.locator("section.owner:visible .do").allTextContents()) assert.ok(text.includes(task));
    await close();
  },

  async "of thousands of apps only what is shown is rendered, and all can be found"() {
    const { tab, seen, close } = await open({}, many);
    assert.equal(await tab.locator("article.app:visible").count(), 100);
    assert.ok(await tab.locator("article.app > noscript").count() > 400);
    assert.match(await tab.getByRole("status").textContent(), /^\d{3,} of \d{3,} apps shown$/);
    await tab.locator("#more-apps").click();
    assert.equal(await tab.locator("article.app:visible").count(), 200);
    const last = await tab.locator("article.app").last().getAttribute("data-app");
    await tab.getByLabel("App", { exact: true }).fill(last);
    await tab.locator("article.app:visible h3").getByText(last, { exact: true }).waitFor();
    assert.deepEqual(await tab.evaluate(() => window.violations), []);
    assert.deepEqual(seen.complaints, []);
    await close();
    const without = await open({ javaScriptEnabled: false }, many);
    assert.ok(await without.tab.locator("article.app h3").count() > 500);
    await without.tab.getByRole("checkbox").first().check();
    await without.close();
  },

  async "from the index a link leads to an owner's own page, and a tick there is one here"() {
    const { tab, seen, close } = await open({}, index);
    await tab.locator("section.owner").filter({ hasText: "anna.berg" }).first().getByRole("link", { name: "page" }).click();
    await tab.waitForURL(/anna\.berg\.html$/);
    assert.deepEqual(await tab.locator("section.owner h3").allTextContents(), ["anna.berg"]);
    assert.ok(await tab.locator("article.app:visible").count() > 0);
    await tab.getByRole("checkbox").first().check();
    assert.deepEqual(await tab.evaluate(() => window.violations), []);
    assert.deepEqual(seen.complaints, []);
    await tab.goto(pathToFileURL(path.resolve(index)).href);
    assert.match(await tab.locator("section.owner:has(:checked) .progress").textContent(), /^1 of \d+ done$/);
    await close();
  },

  async "of several archives a task names its own, archive is a filter, and what was refused comes first"() {
    const { tab, seen, close } = await open({}, several);
    assert.match(await tab.locator(".archive").first().textContent(), /^bad\.fsproject.*not audited/s);
    assert.match(await tab.locator("main").textContent(), /1 of 3 archives was not audited/);
    for (const label of await tab.locator(".task label").allTextContents()) assert.match(label, /city\.fsconfig|parks\.fsproject/);
    await tab.getByLabel("Archive", { exact: true }).selectOption("parks.fsproject");
    assert.deepEqual(await tab.locator("section.owner:visible h3").allTextContents(), ["mira", "(whoever runs the upgrade)"]);
    assert.equal(new URL(tab.url()).hash, "#archive=parks.fsproject");
    for (const meta of await tab.locator("article.app:visible h3 ~ .meta").allTextContents()) assert.doesNotMatch(meta, /city\.fsconfig/);
    // A tick is one of its own archive.
    await tab.locator("section.owner:visible").getByRole("checkbox").first().check();
    await tab.reload();
    assert.equal(await tab.getByRole("checkbox", { checked: true }).count(), 1);
    await tab.emulateMedia({ media: "print" });
    const sheet = await tab.locator('section.owner:has(h3:text-is("mira")) .sheet').first().textContent();
    assert.match(sheet, /parks\.fsproject · 21 November 2026/);
    assert.doesNotMatch(sheet, /city|bad/);
    assert.deepEqual(await tab.evaluate(() => window.violations), []);
    assert.deepEqual(seen.complaints, []);
    await close();
  },

  async "without a script everything is there and can be ticked"() {
    const { tab, close } = await open({ javaScriptEnabled: false });
    assert.equal(await tab.locator("#filter").isVisible(), false);
    assert.ok(await tab.locator("article.app:visible").count() > 5);
    await tab.getByRole("checkbox").first().check();
    await close();
  },

  async "axe finds nothing serious, light, dark and narrow"() {
    const phone = { width: 400, height: 900 };
    const own = path.join(path.dirname(index), "anna.berg.html");
    for (const [name, options, file] of [
      ["light", { colorScheme: "light" }, page],
      ["dark", { colorScheme: "dark" }, page],
      ["phone", { colorScheme: "light", viewport: phone }, page],
      ["phone-dark", { colorScheme: "dark", viewport: phone }, page],
      ["several", { colorScheme: "light" }, several],
      ["several-phone", { colorScheme: "dark", viewport: phone }, several],
      ["many", { colorScheme: "dark" }, many],
      ["owner", { colorScheme: "light", viewport: phone }, own],
    ]) {
      const { tab, close } = await open({ ...options, bypassCSP: true }, file);
      await tab.addScriptTag({ path: axe });
      const { violations, passes } = await tab.evaluate(() => window.axe.run());
      assert.ok(passes.length > 20, `axe looked at ${passes.length} rules only`);
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes[0].html]), [], name);
      for (const { id, impact } of violations) console.log(`  ${name}: ${id} (${impact})`);
      const [needed, there] = await tab.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      assert.ok(needed <= there, `${name}: ${needed} pixels wide`);
      if (screenshots) await tab.screenshot({ path: path.join(screenshots, name + ".png"), fullPage: true });
      await close();
    }
  },

  async "on paper there is no filter, and each owner's checklist begins a page"() {
    const { tab, close } = await open({ colorScheme: "dark" });
    await tab.emulateMedia({ media: "print", colorScheme: "dark" });
    assert.equal(await tab.locator("#filter").isVisible(), false);
    const style = (selector, property) => tab.locator(selector).first()
      .evaluate((element, property) => getComputedStyle(element)[property], property);
    assert.equal(await style("section.owner", "breakBefore"), "page");
    assert.equal(await tab.locator("section.owner .sheet").first().isVisible(), true);
    const sheets = await tab.locator("section.owner .sheet:not(.sign)").allTextContents();
    for (const sheet of sheets) {
      assert.match(sheet, /^What to do for the upgrade to FME Flow 2026\.1 · city\.fsconfig · 21 November 2026, /);
    }
    assert.equal(await tab.locator("section.owner .sign").count(), sheets.length);
    assert.match(await tab.locator("section.owner .sign").first().textContent(), /^Done by: .*Date: /);
    assert.equal(await tab.locator(".apps").isVisible(), true);
    if (screenshots) await tab.pdf({ path: path.join(screenshots, "page.pdf"), preferCSSPageSize: true });
    assert.equal(await style("body", "color"), "rgb(27, 36, 48)");
    await close();
    const { tab: long, close: end } = await open({}, many);
    await long.getByLabel("App", { exact: true }).fill("app49");
    await long.emulateMedia({ media: "print" });
    assert.equal(await long.locator(".apps").isVisible(), false);
    await long.emulateMedia({ media: "screen" });
    await long.getByLabel("Print every app").check();
    await long.emulateMedia({ media: "print" });
    assert.equal(await long.locator(".apps").isVisible(), true);
    await end();
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED: ${name}\n${error.stack}`);
  }
}
await browser.close();
process.exit(failed === 0 ? 0 : 1);

// Opens the HTML report as an app owner would and says what is wrong with it.
// usage: node check.mjs PAGE [FOLDER FOR SCREENSHOTS]
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";
import { chromium } from "playwright-core";

const [page, screenshots] = process.argv.slice(2);
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: process.getuid?.() === 0 ? ["--no-sandbox", ...quiet] : quiet,
});

async function open(options) {

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
  await tab.goto(pathToFileURL(path.resolve(page)).href);
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

  async "without a script everything is there and can be ticked"() {
    const { tab, close } = await open({ javaScriptEnabled: false });
    assert.equal(await tab.locator("#filter").isVisible(), false);
    assert.ok(await tab.locator("article.app:visible").count() > 5);
    await tab.getByRole("checkbox").first().check();
    await close();
  },

  async "axe finds nothing serious, light, dark and narrow"() {
    for (const [name, options] of Object.entries({
      light: { colorScheme: "light" },
      dark: { colorScheme: "dark" },
      phone: { colorScheme: "light", viewport: { width: 400, height: 900 } },
      "phone-dark": { colorScheme: "dark", viewport: { width: 400, height: 900 } },
    })) {
      const { tab, close } = await open({ ...options, bypassCSP: true });
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
    assert.equal(await style("body", "color"), "rgb(27, 36, 48)");
    await close();
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

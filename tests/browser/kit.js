// What the walk uses: a Chromium, people signed in, axe on every page, silence in the console.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { chromium } = require('playwright-core');
const { default: AxeBuilder } = require('@axe-core/playwright');

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** Reads address and log-ins off what `lianjie demo` printed. */
function demo(file) {
  const text = fs.readFileSync(file, 'utf8');
  const base = /http:\/\/\S+/.exec(text)[0];
  const logIns = {};
  for (const [, login, password] of text.matchAll(/^ {2}(\S+)\s+([a-z2-9]{4}(?:-[a-z2-9]{4}){3})\s/gm)) logIns[login] = password;
  return { base, logIns };
}

/** Starts Chromium. */
async function start() {
  return chromium.launch({ executablePath: process.env.LIANJIE_CHROMIUM || '/usr/bin/chromium', headless: true, args: FLAGS });
}

/** One person at a browser of one size. */
class Person {
  constructor(name, page, base, met) {
    this.name = name;
    this.page = page;
    this.base = base;
    this.met = met;
    this.noise = [];
    page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) this.noise.push(`${page.url()}: ${message.text()}`); });
    page.on('pageerror', (error) => this.noise.push(`${page.url()}: ${error.message}`));
  }

  /** A new context: cookies of this person alone. */
  static async arrive(browser, base, name, met, { size = { width: 1280, height: 900 }, locale = 'zh-CN', scripts = true } = {}) {
    const context = await browser.newContext({ viewport: size, locale, timezoneId: 'Asia/Shanghai' });
    // Without the product's own scripts; axe still runs, which it would not in a page where scripts are forbidden.
    if (!scripts) await context.route('**/*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    context.setDefaultTimeout(15000);
    return new Person(name, await context.newPage(), base, met);
  }

  async logIn(login, password) {
    await this.open('/login');
    await this.page.fill('#login', login);
    await this.page.fill('#password', password);
    await this.press(/^(登录|Log in)$/);
    if (this.page.url().includes('/login')) throw new Error(`${login} could not log in: ${await this.page.locator('main').innerText()}`);
    await this.look();
  }

  /** Opens a page of the product and looks at it. */
  async open(where) {
    const response = await this.page.goto(new URL(where, this.base).href);
    if (!response || response.status() >= 400) throw new Error(`${where} answered ${response && response.status()} to ${this.name}`);
    await this.look();
  }

  /** Fills fields by their names: text is typed, a choice is chosen by its value. */
  async fill(fields) {
    for (const [name, value] of Object.entries(fields)) {
      const field = this.page.locator(`main :is(input, textarea, select)[name="${name}"]`).first();
      await this.unfold(field);
      if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption(value);
      else await field.fill(value);
    }
  }

  /** Ticks boxes, or chooses one of several, by name and values. */
  async tick(name, ...values) {
    for (const value of values) {
      const box = this.page.locator(`main [name="${name}"][value="${value}"]`).first();
      await this.unfold(box);
      await box.check();
    }
  }

  /** Opens what folds a field away, as one would by clicking its summary. */
  async unfold(field) {
    for (const fold of await field.locator('xpath=ancestor::details[not(@open)]').all()) await fold.locator('summary').first().click();
  }

  /** Presses a button or follows a link by its words, in the main part of the page. */
  async press(words, { role = 'button', exact = false, first = false, within = '', unfold = false } = {}) {
    if (unfold) await this.page.locator('main details').evaluateAll((folds) => folds.forEach((fold) => { fold.open = true; }));
    let target = this.page.locator(`main ${within}`).getByRole(role, { name: words, exact });
    if (first) target = target.first();
    await Promise.all([this.page.waitForLoadState('load'), target.click()]);
    await this.page.waitForLoadState('networkidle');
  }

  async follow(words, options = {}) {
    await this.press(words, { ...options, role: 'link' });
    await this.look();
  }

  /** The text of the main part. */
  async text() {
    return this.page.locator('main').innerText();
  }

  async see(words) {
    const text = await this.page.locator('body').innerText();
    if (!text.includes(words)) throw new Error(`${this.name} does not see "${words}" at ${this.page.url()}:\n${text.slice(0, 1500)}`);
  }

  async seeNot(words) {
    const html = await this.page.content();
    if (html.includes(words)) throw new Error(`${this.name} sees "${words}" at ${this.page.url()}`);
  }

  /** Looks at the page: axe, no noise, no sideways scroll. */
  async look() {
    const key = this.page.url().replace(this.base, '').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id').replace(/[0-9a-z]{32}/g, ':token').replace(/\?.*/, '');
    this.met.add(key);
    const found = await new AxeBuilder({ page: this.page }).withTags(TAGS).analyze();
    if (found.violations.length > 0) {
      const lines = found.violations.flatMap((violation) => violation.nodes.slice(0, 3).map((node) => `${violation.id}: ${node.target} ${node.html.slice(0, 160)}`));
      throw new Error(`axe at ${key}:\n${lines.join('\n')}`);
    }
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 1) throw new Error(`${key} scrolls sideways by ${wide} px`);
    if (this.noise.length > 0) throw new Error(`the console is not silent: ${this.noise.join('; ')}\n${(await this.text()).slice(0, 600)}`);
    const folder = process.env.LIANJIE_SHOTS;
    if (folder) {
      fs.mkdirSync(folder, { recursive: true });
      const width = this.page.viewportSize().width;
      await this.page.screenshot({ path: path.join(folder, `${String(this.met.size).padStart(2, '0')}${key.replace(/\W+/g, '-')}-${width}.png`), fullPage: true });
    }
  }
}

module.exports = { demo, start, Person };

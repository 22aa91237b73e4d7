// The loop, clicked: a body registers what it offers, a worker finds it for a child, refers, and sees the need met.
//   LIANJIE_DEMO_OUTPUT=file node walk.js
// `file` holds what `lianjie demo` printed. LIANJIE_SHOTS=folder keeps a picture of every page met.
'use strict';

const fs = require('node:fs');
const { demo, start, Person } = require('./kit.js');
const office = require('./office.js');
const directory = require('./directory.js');
const { glance } = require('./glance.js');

const NAME = '青禾社会工作服务社';
const SERVICE = '青禾放学接送小队';
const SECRET = '欧阳晓穗';

/** A visitor registers a body; it waits for the registrar. */
async function register(visitor, mark) {
  await visitor.open('/organizations/new/list');
  await visitor.open('/organizations/new');
  await visitor.fill({
    name: NAME + mark, kind: '社工机构', description: '在长芦街道陪孩子上学放学，接送前先认人，雨雪天也去。',
    division: '320116', township: '长芦街道', phones: `025-00${mark}`, contact: '秦禾', login: `qinghe${mark}`, password: '放学路上一起走，一个不落下',
  });
  await visitor.tick('confidentiality', 'public');
  await visitor.press('保存');
  await visitor.see('登记');
  await visitor.look();
}

/** The provider enters a service without a fixed place, how many places are free, and hands the entry in. */
async function offer(provider, mark) {
  await provider.open('/organizations/mine');
  await provider.follow('添加服务');
  await provider.fill({ name: SERVICE + mark, description: '放学时在校门口等，送到家门口，见到大人才走。' });
  await provider.tick('terms', 'EDU-13');
  await provider.tick('delivery', 'home');
  await provider.tick('who', 'some');
  await provider.fill({ age_from: '6', age_to: '12' });
  await provider.tick('sites', 'none');
  await provider.fill({ areas_none: '长芦街道', hours_workdays: '15:30-18:00', fee_hardship: 'free', fee_community: 'free', fee_other: 'free', wait_days: '2' });
  await provider.tick('confidentiality', 'public');
  await provider.press('保存');
  await provider.look();
  await provider.see(SERVICE);
  await provider.open('/places');
  await provider.fill({ free: '5' });
  await provider.press('保存', { first: true });
  await provider.look();
  await provider.open('/organizations/mine');
  await provider.follow(NAME, { first: true });
  await provider.press('提交核验');
  await provider.look();
}

/** The registrar finds the body in the queue and verifies it. */
async function verify(registrar, mark) {
  await registrar.open('/verification');
  await registrar.follow(NAME + mark, { first: true });
  await registrar.press('核验通过', { first: true });
  await registrar.look();
  await registrar.see('已核验');
}

/** The worker looks for help in everyday words, and reads the entry. */
async function find(worker, mark) {
  await worker.open('/');
  await worker.fill({ q: '放学没人接' });
  await worker.press('找资源');
  await worker.see('上学交通与接送');
  await worker.open(`/services?q=${encodeURIComponent(SERVICE + mark)}`);
  await worker.follow(SERVICE + mark, { first: true });
  await worker.see('5 / 5');
  await worker.see('见到大人才走');
}

/** The worker opens a case in own words; the product proposes the need. */
async function open(worker, alias) {
  await worker.open('/cases/new');
  await worker.fill({ alias, name: SECRET, birth_month: '2018-03', sex: 'female', division: '320116012', school_stage: 'primary' });
  await worker.fill({ carer_relation: 'grandparent', carer_state: 'present', carer_name: '欧阳奶奶', father_state: 'away', mother_state: 'away' });
  await worker.tick('carer_carer', '1');
  await worker.tick('guardian', 'consents');
  await worker.fill({ risk: 'blue', words: '奶奶腿脚不好，放学没人接。' });
  await worker.press('核对');
  await worker.look();
  await worker.see('上学交通与接送');
  // "腿脚不好" is the grandmother's; what was read wrongly is taken off.
  for (const box of await worker.page.locator('main [name="terms"]:not([value="EDU-13"])').all()) await box.uncheck();
  await worker.press('建档');
  await worker.look();
  await worker.see(alias);
  await worker.seeNot(SECRET);
}

/** The worker has seen the child at home, and writes it down. */
async function visit(worker) {
  const there = worker.page.url();
  await worker.follow('走访', { first: true });
  await worker.tick('kind', 'home');
  await worker.fill({ note: '孩子在写作业，奶奶在家。' });
  await worker.press('记一次走访');
  await worker.look();
  await worker.see('孩子在写作业');
  await worker.open('/visits');
  await worker.see('下次走访');
  await worker.open('/account/notices');
  await worker.open(there);
}

/** The need is matched: the entry is proposed, with its reasons, and a referral written from there. */
async function match(worker, mark) {
  await worker.follow('找服务', { first: true });
  await worker.see('为什么排在这里');
  await worker.fill({ q: '心理咨询' });
  await worker.press('问一下');
  await worker.look();
  await Promise.all([worker.page.waitForLoadState('load'), worker.page.locator('#why .bullets a').first().click()]);
  await worker.look();
  await worker.see('不是这项需要');
  await worker.follow(new RegExp(`发起转介\\s*${SERVICE}${mark}`));
}

/** What is shared is chosen, consent is recorded, the referral goes out. */
async function refer(worker) {
  await worker.tick('purpose', 'serve');
  await worker.fill({ time_windows: '周一到周五放学' });
  await worker.tick('items', 'name');
  await worker.press('保存');
  await worker.look();
  await worker.follow('同意', { first: true });
  await worker.tick('ground', 'consent');
  await worker.tick('given_by', 'grandparent');
  await worker.fill({ evidence: '纸质同意书，存站' });
  await worker.press('记录');
  await worker.look();
  await worker.press('发出', { first: true });
  await worker.look();
  await worker.seeNot(SECRET);
  return new URL(worker.page.url()).pathname;
}

/** The day after this one, in Nanjing. */
function tomorrow() {
  return new Date(Date.now() + 32 * 3600 * 1000).toISOString().slice(0, 10);
}

/** The provider reads the brief without a name, accepts, reads the packet, books, serves and reports. */
async function answer(provider, alias) {
  await provider.open('/inbox');
  await provider.see(alias);
  await provider.seeNot(SECRET);
  await provider.follow('受理', { first: true });
  await provider.fill({ promised_day: tomorrow() });
  await provider.press('受理', { first: true });
  await provider.look();
  await provider.see(SECRET);
  await provider.fill({ at: `${tomorrow()} 15:30` });
  await provider.press('约一个时间');
  await provider.look();
  await provider.follow('记一次联系或服务', { first: true });
  await provider.tick('record', 'service');
  await provider.press('记一次联系或服务', { first: true });
  await provider.look();
  await provider.follow('反馈结果', { first: true });
  await provider.tick('outcome', 'need_met');
  await provider.fill({ next_step: 'none' });
  await provider.press('反馈结果', { first: true });
  await provider.look();
}

/** The worker asks the grandmother, and closes: the need is met. */
async function close(worker, provider, referral) {
  await worker.open(referral);
  await worker.follow('核实结案', { first: true });
  await worker.tick('outcome', 'need_met');
  await worker.tick('verified_by', 'guardian');
  await worker.fill({ method: 'home_visit' });
  await worker.press('核实结案', { first: true });
  await worker.look();
  await worker.see('已核实结案');
  await provider.open(referral);
  await provider.seeNot(SECRET);
}

/** A need nobody serves is put to several, one after the other; says whose it is. With `spare` others are left to be asked later. */
async function put(worker, { most = 3, spare = 0 } = {}) {
  await worker.open('/');
  const unasked = await worker.page.locator('main a[href*="/match?need="]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  await worker.open(unasked[0].replace(/\/match.*/, '/week'));
  await worker.see('先后');
  const offered = () => worker.page.locator('main input[name="site"]');
  // The first need for which enough can be asked.
  for (const need of unasked) {
    await worker.open(need);
    if ((await offered().count()) > 1 + spare) break;
  }
  const enough = (await offered().count()) > 1 + spare;
  if (!enough) throw new Error(`for none of ${unasked.length} needs ${2 + spare} can be asked`);
  const alias = await worker.page.locator('main .pagehead__sub a').first().innerText();
  for (const box of (await offered().all()).slice(0, most)) await box.check();
  await worker.press('问勾选的机构');
  await worker.look();
  await worker.follow(/^上移/, { first: true });
  await worker.tick('mode', 'cascade');
  await worker.tick('purpose', 'serve');
  await worker.press('发出');
  await worker.look();
  await worker.see('正在问');
  return alias.trim();
}

/** One of those asked refuses on the telephone, and the worker writes it down. */
async function refuse(worker, supervisor, dispatch, place) {
  await letOut(worker, supervisor, dispatch, place);
  await worker.follow(/./, { first: true, within: `ol > li:nth-child(${place + 1})` });
  await worker.follow('不受理', { first: true, unfold: true });
  await worker.tick('reason', 'no_capacity');
  await worker.fill({ spoke_with: '前台李老师', spoke_at: now() });
  await worker.press('不受理', { first: true });
  await worker.look();
}

/** All who were asked about a need refuse: the case comes up at the meeting by itself. Says whose it is. */
async function refusedTwice(worker, supervisor) {
  const alias = await put(worker, { most: 2, spare: 1 });
  const dispatch = new URL(worker.page.url()).pathname;
  await refuse(worker, supervisor, dispatch, 0);
  await refuse(worker, supervisor, dispatch, 1);
  await worker.open(dispatch);
  return alias;
}

/** The first of those asked refuses, and the next is asked by itself. */
async function ask(worker, supervisor) {
  await put(worker);
  const dispatch = new URL(worker.page.url()).pathname;
  await refuse(worker, supervisor, dispatch, 0);
  await letOut(worker, supervisor, dispatch, 1);
  await worker.see('不受理');
  return dispatch;
}

/** A provider of another county, or one the station pays, waits for the station head first. */
async function letOut(worker, supervisor, dispatch, place) {
  await worker.open(dispatch);
  const line = worker.page.locator('main ol > li').nth(place);
  if (!(await line.innerText()).includes('待审批')) return;
  await supervisor.open(await line.locator('a').first().getAttribute('href'));
  await supervisor.press('批准', { first: true });
  await worker.open(dispatch);
}

/** The one who is asked has no account: a link and a code, one screen of a phone, and it is taken on. */
async function answerByLink(worker, phone, dispatch) {
  await worker.open(dispatch);
  await worker.follow(/./, { first: true, within: 'ol > li:nth-child(2)' });
  await worker.press('发一次性链接', { unfold: true });
  await worker.look();
  const address = await worker.page.locator('main code').innerText();
  const code = await worker.page.locator('main .number').innerText();
  const link = new URL(address).pathname;
  await phone.open(link);
  await phone.fill({ code });
  await phone.press('打开');
  await phone.look();
  await phone.see('能接吗');
  await phone.follow('能接，我们受理');
  await phone.fill({ promised_day: tomorrow() });
  await phone.press('受理', { first: true });
  await phone.look();
  await phone.see('已经受理');
  await worker.open(dispatch);
  await worker.see('有机构受理');
  await phone.page.goto(new URL(link, phone.base).href);
  await phone.see('链接已失效');
  phone.noise.length = 0;
  await phone.look();
}

/** Two are asked in order and nobody answers: time passes, the first runs out, and the next is asked by itself. */
async function wait(worker, supervisor, arrive, logIns, before) {
  if (!process.env.LIANJIE_CLOCK) throw new Error('LIANJIE_CLOCK names no file: start the demo with --clock FILE');
  await put(worker);
  const dispatch = new URL(worker.page.url()).pathname;
  await letOut(worker, supervisor, dispatch, 0);
  fs.writeFileSync(process.env.LIANJIE_CLOCK, '30d');
  // Whoever sat at a machine has been signed out long ago.
  const later = await arrive('the worker, a month later');
  await later.logIn('worker', logIns.worker);
  for (let look = 0; ; look += 1) {
    await later.open(dispatch);
    if ((await later.page.locator('main ol > li').first().innerText()).includes('超时未回应')) break;
    if (look === 30) throw new Error(`nothing ran out by itself: ${await later.page.locator('main ol').innerText()}`);
    await later.page.waitForTimeout(1000);
  }
  const second = await later.page.locator('main ol > li').nth(1).innerText();
  if (!/已发出|待审批/.test(second)) throw new Error(`the next was not asked by itself: ${second}`);
  await later.open('/');
  await office.figures(later, before);
}

/** This moment in Nanjing, a minute ago. */
function now() {
  return new Date(Date.now() + 8 * 3600 * 1000 - 60000).toISOString().slice(0, 16).replace('T', ' ');
}

async function main() {
  const { base, logIns } = demo(process.env.LIANJIE_DEMO_OUTPUT || 'demo.out');
  const browser = await start();
  const met = new Set();
  const mark = String(Date.now()).slice(-6);
  const arrive = (name, options) => Person.arrive(browser, base, name, met, options);
  try {
    const visitor = await arrive('the visitor');
    await register(visitor, mark);
    const registrar = await arrive('the registrar');
    await registrar.logIn('registrar', logIns.registrar);
    const provider = await arrive('the provider', { scripts: false });
    await provider.logIn(`qinghe${mark}`, '放学路上一起走，一个不落下');
    await offer(provider, mark);
    await verify(registrar, mark);
    const worker = await arrive('the worker');
    await worker.logIn('worker', logIns.worker);
    const before = await office.tally(worker);
    await find(worker, mark);
    await directory.suggest(worker);
    const writer = await arrive('who writes a service');
    await writer.logIn('provider1', logIns.provider1);
    await directory.write(writer);
    await directory.keep(worker, mark);
    const alias = `小${String.fromCodePoint(0x5200 + (Number(mark) % 9000))}`;
    await open(worker, alias);
    const file = new URL(worker.page.url()).pathname;
    await visit(worker);
    await match(worker, mark);
    const referral = await refer(worker);
    await answer(provider, alias);
    await close(worker, provider, referral);
    const data = await arrive('the data manager');
    await data.logIn('data_manager', logIns.data_manager);
    const { name, letters } = directory.named(mark);
    const [body, service] = [`${name}社会工作服务社`, `${name}伴读小队${mark}`];
    await directory.bring(data, NAME + mark, body);
    await directory.paste(data, body, service);
    await directory.verify(registrar, body, service);
    await directory.find(worker, letters, body);
    await directory.merge(registrar);
    await office.clocks(data);
    await directory.confirm(registrar, await arrive('an organisation on a phone', { size: { width: 360, height: 740 } }));
    const supervisor = await arrive('the station head');
    await supervisor.logIn('supervisor', logIns.supervisor);
    const dispatch = await ask(worker, supervisor);
    const phone = await arrive('the phone', { size: { width: 360, height: 740 } });
    await answerByLink(worker, phone, dispatch);
    await office.plan(worker, supervisor, file);
    await office.guard(worker, file);
    await office.lead(worker);
    await office.compare(worker);
    const participant = await arrive('the education bureau');
    await participant.logIn('participant', logIns.participant);
    const twice = await refusedTwice(worker, supervisor);
    await office.meet(worker, supervisor, participant, phone, file, twice);
    const coordinator = await arrive('the county');
    await coordinator.logIn('coordinator', logIns.coordinator);
    await office.count(worker, coordinator);
    await glance(arrive, logIns);
    await wait(worker, supervisor, arrive, logIns, before);
  } finally {
    await browser.close();
  }
  console.log(`the loop holds; ${met.size} kinds of page met, axe clean on each`);
}

main().catch((fault) => {
  console.error(fault.message);
  process.exit(1);
});

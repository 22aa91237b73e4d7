// The station's office on the walk: a plan, an assessment, a lead, the meeting whose decision reroutes, the minutes, the figures.
'use strict';

/** The worker assesses the case and writes its plan; the station head approves it. */
async function plan(worker, supervisor, file) {
  await worker.open(file);
  await worker.tick('step', 'assess');
  await worker.press('确定');
  await worker.look();
  await worker.open(`${file}/plan`);
  await worker.follow('写计划', { first: true });
  await worker.fill({ goal_1: '放学到六点有人照看', measure_1: '每周五次到课堂', responsible_1: '本站社工', child_opinion: '我想有人等我' });
  await worker.fill({ from_1: day(1), review_1: day(30), review_day: day(60) });
  await worker.press('交站长批准');
  await worker.look();
  await worker.see('等站长批');
  await supervisor.open(`${file}/plan`);
  await supervisor.press('批准，开始执行');
  await supervisor.look();
  await supervisor.see('执行中');
  await worker.open(`${file}/plan/print`);
  await worker.see('一对一服务计划');
  await worker.open('/plans');
}

/** Whether the family can care is assessed; what stands about agreements is looked at. */
async function guard(worker, file) {
  await worker.open(`${file}/assessments`);
  for (const name of await worker.page.locator('main input[type="radio"]').evaluateAll((boxes) => [...new Set(boxes.map((box) => box.name))])) {
    await worker.page.locator(`main input[name="${name}"]`).first().check();
  }
  await worker.press('做一次评估');
  await worker.look();
  await worker.see('能履行监护职责');
  await worker.open(`${file}/agreements`);
  await worker.open('/guardianship');
  await worker.see('委托照护协议签订率');
}

/** A school tells of a child; the lead waits to be looked at. */
async function lead(worker) {
  await worker.open('/leads');
  await worker.follow('登记线索');
  await worker.tick('source', 'school');
  await worker.fill({ words: '三天没来上学，电话没人接' });
  await worker.press('登记');
  await worker.look();
  await worker.see('最晚什么时候去看');
  await worker.open('/emergency');
  await worker.open('/handover');
  await worker.open('/activities');
}

/** A list of the education bureau against ours: who has no file becomes a lead. */
async function compare(worker) {
  await worker.open('/leads');
  await worker.follow('数据比对');
  await worker.fill({ department: '县教育局秋季名单', list: '姓名,身份证号,出生年月,住址\n林小满,,2016-05,长芦街道\n赵大年,,,\n' });
  await worker.press('开始比对');
  await worker.look();
  await worker.see('没有档案');
  await worker.see('行 3');
  await worker.press(/^登记为线索/, { first: true });
  await worker.look();
  await worker.see('已登记线索');
}

/** A case is on the agenda by rule; the meeting decides to ask others, agrees on an action, and its minutes are signed. */
async function meet(worker, supervisor, participant, phone, file, refused) {
  await worker.open(`${file}/proposal`);
  await worker.fill({ question: '放学到六点谁来管' });
  await worker.press('提请上会');
  await supervisor.open('/conferences');
  await supervisor.follow('疑难个案研讨会', { first: true });
  const meeting = new URL(supervisor.page.url()).pathname;
  await supervisor.press('按规则补进来');
  await supervisor.look();
  await supervisor.see('社工提请');
  await supervisor.open(`${meeting}/allocation`);
  await supervisor.see('谁用哪个名额');
  await supervisor.open(meeting);
  const item = await broughtUp(supervisor, refused, '被拒两次以上');
  await supervisor.press('开会', { exact: true });
  await supervisor.look();
  await decide(supervisor, item);
  await agree(supervisor);
  await supervisor.follow('投屏');
  await Promise.all([supervisor.page.waitForNavigation(), supervisor.page.keyboard.press('1')]);
  await supervisor.look();
  await supervisor.open(`${meeting}/wall`);
  await supervisor.see('投屏已收起');
  await supervisor.open(meeting);
  await supervisor.press('签纪要');
  await supervisor.follow('会议纪要');
  await supervisor.see('签发');
  await print(supervisor);
  await supervisor.see('改派');
  await tell(supervisor, phone, meeting);
  await participant.open('/actions');
  await participant.see('请学校安排座位');
  await participant.fill({ said: '学校已经同意' });
  await participant.press('做完了', { first: true });
  await participant.look();
  await participant.see('学校已经同意');
}

/** A body without an account reports what it did by a link, on one screen of a phone. */
async function tell(supervisor, phone, meeting) {
  await supervisor.open(meeting);
  await supervisor.press(/^发一次性链接.*司法所/, { first: true });
  await supervisor.look();
  const link = new URL(await supervisor.page.locator('main code').innerText()).pathname;
  await phone.open(link);
  await phone.fill({ code: await supervisor.page.locator('main .number').innerText() });
  await phone.press('打开');
  await phone.look();
  await phone.fill({ said: '村里已经答应' });
  await phone.press('做完了', { first: true });
  await phone.look();
  await phone.see('这个链接已经失效');
}

/** On paper the minutes stand alone: the frame of the page stays on the screen. */
async function print(person) {
  const paper = await person.page.pdf({ format: 'A4' });
  if (paper.subarray(0, 5).toString() !== '%PDF-' || paper.length < 20000) throw new Error(`the minutes do not print: ${paper.length} bytes`);
  await person.page.emulateMedia({ media: 'print' });
  if (await person.page.locator('.mainnav, main form').filter({ visible: true }).count()) throw new Error('the frame of the page is printed with the minutes');
  if (!(await person.page.locator('.watermark').isVisible())) throw new Error('the copy has no watermark');
  const begins = await person.page.locator('.minutes').evaluateAll((cases) => cases.map((one) => getComputedStyle(one).breakBefore));
  if (begins.length === 0 || begins.some((how) => how !== 'page')) throw new Error(`a case does not begin a page: ${begins}`);
  const pages = (paper.toString('latin1').match(/\/Type\s*\/Page\b/g) || []).length;
  if (pages < begins.length + 1) throw new Error(`${begins.length} cases and a cover are on ${pages} pages`);
  await person.page.emulateMedia({ media: null });
}

/** The case of a child is on the agenda, and the agenda says why; where its sheet is. */
async function broughtUp(supervisor, alias, why) {
  const line = supervisor.page.locator('main li, main tr').filter({ hasText: alias }).filter({ hasText: why }).first();
  if ((await line.count()) === 0) throw new Error(`${alias} is not on the agenda for "${why}":\n${await supervisor.text()}`);
  return line.locator('a[href*="/items/"]').first().getAttribute('href');
}

/** The meeting asks somebody else for the need that was refused, and what it decided has been done. */
async function decide(supervisor, item) {
  await supervisor.open(item);
  const boxes = supervisor.page.locator('main input[name="site"]');
  if ((await boxes.count()) === 0) throw new Error(`nobody can be asked at ${item}:\n${await supervisor.text()}`);
  const need = await boxes.first().evaluate((box) => {
    let before = box.closest('label');
    while (before && before.tagName !== 'P') before = before.previousElementSibling;
    return before.innerText.trim();
  });
  await boxes.first().check();
  await supervisor.fill({ code: 'reroute' });
  await supervisor.page.locator('main select[name="need"]').selectOption({ label: need });
  await supervisor.press('定下来');
  await supervisor.look();
  await supervisor.see('已执行');
  await supervisor.follow(/^看做了什么|^去看/, { first: true });
  if (!/\/dispatches\//.test(supervisor.page.url())) throw new Error(`the decision leads to ${supervisor.page.url()}, not to a dispatch`);
  await supervisor.see('正在问');
  await supervisor.open(item);
}

/** Something the education bureau is to do, and something a body without an account. */
async function agree(supervisor) {
  for (const [body, what] of [['司法所', '去村里问邻居'], ['教育局', '请学校安排座位']]) {
    const option = supervisor.page.locator('main select[name="organization"] option', { hasText: body }).first();
    await supervisor.fill({ organization: await option.getAttribute('value') });
    await supervisor.fill({ what, person: `${body}值班`, due_day: day(3) });
    await supervisor.press('定下任务');
    await supervisor.look();
    await supervisor.see(what);
  }
}

/** The figures show it, and each opens its list. */
async function count(worker, coordinator) {
  await worker.open('/numbers');
  await worker.see('发出的转介');
  const sent = worker.page.locator('main a[href^="/numbers/sent"]');
  const shown = (await sent.innerText()).trim();
  await Promise.all([worker.page.waitForLoadState('load'), sent.click()]);
  await worker.look();
  const listed = await worker.page.locator('main .found strong').innerText();
  if (!shown.startsWith(listed)) throw new Error(`the figure says ${shown}, its list has ${listed}`);
  await coordinator.open('/numbers');
  await coordinator.see('小于 5 的不显示');
  await coordinator.open('/programs');
}

/** What the walk does to the loop, by the figures that must show it. */
const SHOWN = ['sent', 'unanswered', 'accepted', 'verified', 'reason', 'need_met', 'actions_on_time', 'reroutes'];

/** The figures of the station as they stand: how many each counts. */
async function tally(worker) {
  await worker.open('/numbers');
  const found = {};
  for (const code of SHOWN) {
    const figures = await worker.page.locator(`main a[href^="/numbers/${code}?"]`).allInnerTexts();
    found[code] = figures.reduce((sum, text) => sum + Number(/^\d+/.exec(text.trim())?.[0] ?? 0), 0);
  }
  return found;
}

/** A month later each figure counts what was done, above what it counted before; and each opens its list. */
async function figures(worker, before) {
  const after = await tally(worker);
  for (const code of SHOWN) {
    if (!(after[code] > before[code])) throw new Error(`the figure ${code} was ${before[code]} and is ${after[code]} after all that was done`);
    await worker.open('/numbers');
    const figure = worker.page.locator(`main a[href^="/numbers/${code}?"]`).first();
    const shown = (await figure.innerText()).trim();
    await Promise.all([worker.page.waitForLoadState('load'), figure.click()]);
    const listed = await worker.page.locator('main .found strong').innerText();
    if (!shown.startsWith(listed)) throw new Error(`the figure ${code} says ${shown}, its list has ${listed}`);
  }
}

/** A county gets less time for its first answer; next year's holidays are pasted, a wrong line is named, and a day is taken back. */
async function clocks(data) {
  await data.open('/schedule?division=320116');
  await data.fill({ 'T1.4': '两天' });
  await data.press('保存');
  // A refusal is told by the console too.
  data.noise.length = 0;
  await data.look();
  await data.see('没读懂“两天”');
  await data.fill({ 'T1.4': '1个工作日' });
  await data.press('保存');
  await data.look();
  await data.see('已保存');
  const year = new Date().getFullYear() + 1;
  await data.open(`/schedule/days?year=${year}`);
  await data.fill({ days: `${year}-10-01 至 ${year}-10-03 休 国庆节\n${year}-10-01 上班`, source: '演练' });
  await data.press('补进去');
  data.noise.length = 0;
  await data.look();
  await data.see('第 2 行没读懂');
  await data.fill({ days: `${year}-10-01 至 ${year}-10-03 休 国庆节` });
  await data.press('补进去');
  await data.look();
  await data.see('国庆节');
  await data.press('取消', { first: true });
  await data.see('已取消');
  await data.open('/schedule/periods');
}

/** A day from today, in Nanjing. */
function day(later) {
  return new Date(Date.now() + (8 + 24 * later) * 3600 * 1000).toISOString().slice(0, 10);
}

module.exports = { plan, guard, lead, compare, meet, count, tally, figures, clocks };

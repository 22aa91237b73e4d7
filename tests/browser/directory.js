// The directory on the walk: a list from the empty one, mended in place, told of a duplicate, verified, found in pinyin; two
// entries made one and two again.
'use strict';

const { filled } = require('./xlsx.js');

/** A name of two characters, another each time, with its reading. */
function named(mark) {
  const first = ['晨 chen', '星 xing', '海 hai', '云 yun', '山 shan', '禾 he', '木 mu', '雨 yu', '林 lin', '松 song'][mark[5]].split(' ');
  const second = ['露 lu', '帆 fan', '桥 qiao', '舟 zhou', '泉 quan', '叶 ye', '石 shi', '竹 zhu', '川 chuan', '枫 feng'][mark[4]].split(' ');
  return { name: first[0] + second[0], letters: first[1] + second[1] };
}

/** What a person chooses in the file box. */
async function choose(person, name, buffer) {
  await person.page.setInputFiles('main input[type="file"]', { name, mimeType: 'application/octet-stream', buffer });
}

/** A body comes in by the empty list, with two faults in it, beside one that is there already. */
async function bring(data, known, name) {
  await data.open('/lists');
  const [download] = await Promise.all([data.page.waitForEvent('download'), data.page.locator('main a[download]').first().click()]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const rows = [
    [name, '社工机构', '江苏省南京市六合区', '91350100M000100Y44', '六合区长芦街道晨光路8号', '找王老师', '周末陪孩子读书、运动。'],
    [known, '社工机构', '江苏省南京市六合区', '', '六合区长芦街道', '', ''],
  ];
  await choose(data, '机构.xlsx', filled(Buffer.concat(chunks), rows));
  await data.press('读表格');
  await data.look();
  await data.see('校验位不对');
  await data.see('可能已经登记过');
  await data.fill({ 'cell-0-2-3': '91350100M000100Y43', 'cell-0-2-5': '025-57508880' });
  await data.tick('row-0-3', 'skip');
  await data.press('收进名录');
  await data.look();
  await data.see('已收进名录');
  await data.see(name);
}

/** Its service comes in pasted from a table. */
async function paste(data, name, service) {
  await data.open('/lists');
  await data.tick('kind', 'services');
  await data.fill({ text: `服务名称\t服务机构\t服务类别\t服务内容\t收费标准\t名额\n${service}\t${name}\tEDU-13\t放学陪到家门口，见到大人才走。\t免费\t6` });
  await data.press('读表格');
  await data.look();
  await data.press('收进名录');
  await data.look();
  await data.see(service);
}

/** The registrar, who did not enter it, verifies body and service. */
async function verify(registrar, name, service) {
  await registrar.open('/verification');
  await registrar.follow(name, { first: true });
  await registrar.press('核验通过', { first: true });
  await registrar.see('已核验');
  await registrar.open('/verification');
  const row = registrar.page.locator('main li', { hasText: service }).first();
  if ((await row.count()) > 0) await row.getByRole('button').first().click();
  await registrar.page.waitForLoadState('networkidle');
  await registrar.look();
}

/** A worker types the first letters of its name. */
async function find(worker, letters, name) {
  for (let look = 0; ; look += 1) {
    await worker.open(`/services?q=${letters}`);
    if ((await worker.text()).includes(name)) return;
    if (look === 20) throw new Error(`${letters} does not find ${name}: ${(await worker.text()).slice(0, 800)}`);
    await worker.page.waitForTimeout(500);
  }
}

/** The first two that look alike, side by side. */
async function beside(registrar) {
  await registrar.open('/duplicates');
  await Promise.all([registrar.page.waitForLoadState('load'), registrar.page.locator('main a[href^="/duplicates/"]').first().click()]);
  await registrar.page.waitForLoadState('networkidle');
  await registrar.look();
}

/** Two entries of a county that look alike are made one, and two again. */
async function merge(registrar) {
  await beside(registrar);
  await registrar.press('并成一条');
  await registrar.look();
  await registrar.see('已并成一条');
  await registrar.open('/duplicates');
  await registrar.press(/^撤销合并/, { first: true });
  await registrar.look();
  await registrar.see('合并已撤销');
  await beside(registrar);
  await registrar.press('不是同一个');
  await registrar.look();
  await registrar.see('以后不再提');
}

/** What is old is asked about by a link, and confirmed on a phone with one tap and no log-in. */
async function confirm(registrar, phone) {
  await registrar.open('/freshness');
  const first = await registrar.page.locator('main .tasks__what').first().innerText();
  await registrar.press(/^发确认链接/, { first: true });
  await registrar.look();
  const link = await registrar.page.locator('main code.breaks').innerText();
  await phone.open(new URL(link).pathname);
  await phone.see(first);
  await phone.press('全部仍然有效');
  await phone.look();
  await phone.see('都记下了');
  await registrar.open('/freshness');
  if ((await registrar.page.locator('main .tasks__what').first().innerText()) === first) throw new Error(`${first} is confirmed and still the oldest`);
}

/** What the words may mean comes while typing and is chosen by keys alone; nothing is asked for while an input method composes. */
async function suggest(worker) {
  await worker.open('/services');
  const asked = [];
  const note = (request) => { if (request.url().includes('/services/suggest')) asked.push(request.url()); };
  worker.page.on('request', note);
  const box = worker.page.locator('#q');
  await box.focus();
  await box.evaluate((element) => {
    element.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
    element.value = 'jiesong';
    element.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true }));
  });
  await worker.page.waitForTimeout(500);
  if (asked.length > 0) throw new Error(`asked while composing: ${asked}`);
  await box.evaluate((element) => {
    element.value = '上学交通';
    element.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
  });
  const options = worker.page.locator('#q-suggested [role="option"]');
  await options.first().waitFor();
  if ((await box.getAttribute('aria-expanded')) !== 'true') throw new Error('the list is open and the box does not say so');
  await worker.page.waitForLoadState('networkidle');
  await worker.look();
  await worker.page.keyboard.press('ArrowDown');
  const first = await options.first().getAttribute('id');
  if ((await box.getAttribute('aria-activedescendant')) !== first) throw new Error('the arrow chooses nothing');
  await worker.page.keyboard.press('Escape');
  if (await options.first().isVisible()) throw new Error('Escape leaves the list open');
  await box.fill('上学交通');
  await options.first().waitFor();
  const texts = await options.allInnerTexts();
  const need = texts.findIndex((text) => text.includes('上学交通与接送'));
  if (need < 0) throw new Error(`the need is not suggested: ${texts}`);
  for (let step = 0; step <= need; step += 1) await worker.page.keyboard.press('ArrowDown');
  await Promise.all([worker.page.waitForURL(/[?&]terms=/), worker.page.keyboard.press('Enter')]);
  await worker.look();
  worker.page.off('request', note);
}

/** Two services are kept in a list, shared with the station, printed, and the list deleted. */
async function keep(worker, mark) {
  const name = `放学后去哪儿${mark}`;
  for (const words of ['没人接送', '心理咨询']) {
    await worker.open(`/services?q=${encodeURIComponent(words)}`);
    await worker.follow(/^收进清单/, { first: true });
    if (words === '没人接送') await worker.fill({ name });
    await worker.press('收进去');
    await worker.look();
    await worker.see('已收进清单');
  }
  await worker.tick('shared', '1');
  await worker.press('保存');
  await worker.look();
  await worker.see('站里共用');
  await worker.press(/^移出清单/, { first: true });
  await worker.look();
  await worker.press('确认删除', { unfold: true });
  await worker.look();
  await worker.seeNot(name);
}

/** Who writes a service finds its need by a word; a fault above the form says which field it is of. */
async function write(writer) {
  await writer.open('/organizations/mine');
  await writer.follow('添加服务');
  const folds = writer.page.locator('#terms details:visible');
  const all = await folds.count();
  await writer.page.fill('#narrow', '接送');
  if (all < 10 || await folds.count() !== 1 || !await writer.page.locator('[value="EDU-13"]').isVisible()) throw new Error('needs are not narrowed by a word');
  await writer.look();
  await writer.page.fill('#narrow', '什么都不是');
  await writer.see('没有写着这个词的需求');
  await writer.page.fill('#narrow', '');
  if (await folds.count() !== all) throw new Error('not all needs came back');
  await writer.press('保存');
  writer.noise.length = 0; // The browser itself tells that a form was refused.
  await writer.see('服务名称：这里必须填写');
  await writer.see('谁可以用：这里必须填写');
  await writer.look();
}

module.exports = { named, confirm, bring, paste, verify, find, merge, suggest, keep, write };

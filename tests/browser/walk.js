// The loop, clicked: a body registers what it offers, a worker finds it for a child, refers, and sees the need met.
//   LIANJIE_DEMO_OUTPUT=file node walk.js
// `file` holds what `lianjie demo` printed. LIANJIE_SHOTS=folder keeps a picture of every page met.
'use strict';

const { demo, start, Person } = require('./kit.js');

const NAME = '青禾社会工作服务社';
const SERVICE = '青禾放学接送小队';
const CHILD = '小穗';
const SECRET = '欧阳晓穗';

/** A visitor registers a body; it waits for the registrar. */
async function register(visitor, mark) {
  await visitor.open('/organizations/new');
  await visitor.fill({
    name: NAME + mark, kind: '社工机构', description: '在长芦街道陪孩子上学放学，接送前先认人，雨雪天也去。',
    division: '320116', township: '长芦街道', phones: '025-0000 4321', contact: '秦禾', login: `qinghe${mark}`, password: '放学路上一起走，一个不落下',
  });
  await visitor.tick('confidentiality', 'public');
  await visitor.press('保存');
  await visitor.see('登记');
  await visitor.look();
}

/** The registrar finds it in the queue and verifies it. */
async function verify(registrar, mark) {
  await registrar.open('/verification');
  await registrar.follow(NAME + mark, { first: true });
  await registrar.press('核验', { first: true });
  await registrar.look();
  await registrar.see('已核验');
}

/** The provider enters a service with its place, and how many places are free. */
async function offer(provider) {
  await provider.open('/organizations/mine');
  await provider.follow('添加服务');
  await provider.tick('terms', 'EDU-13');
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
    const provider = await arrive('the provider');
    await provider.logIn(`qinghe${mark}`, '放学路上一起走，一个不落下');
    await offer(provider);
  } finally {
    await browser.close();
  }
  console.log(`the loop holds; ${met.size} kinds of page met, axe clean on each`);
}

main().catch((fault) => {
  console.error(fault.message);
  process.exit(1);
});

// Every page a person starts from, looked at once.
'use strict';

/** Pages of each kind of person, on a telephone, in English, with the eyes of axe. */
async function glance(arrive, logIns) {
  const seen = { worker: ['/', '/services?q=没人接送', '/shortlists', '/cases', '/referrals', '/leads', '/emergency', '/visits', '/plans', '/guardianship', '/numbers'],
    supervisor: ['/', '/referrals?filter=approval', '/conferences', '/conferences/new', '/allocation', '/numbers/access', '/numbers/calibration', '/transfers', '/activities', '/comparisons'],
    coordinator: ['/', '/cases', '/programs', '/numbers', '/numbers/access', '/numbers/calibration', '/allocation', '/handover'],
    child_director: ['/', '/cases'], registrar: ['/verification', '/lists', '/duplicates', '/freshness', '/freshness?kind=doubts', '/rosters'], provider1: ['/', '/inbox', '/places', '/organizations/mine'],
    system_admin: ['/accounts', '/account'], auditor: ['/audit'], data_manager: ['/', '/comparisons', '/lists', '/rosters', '/schedule', '/schedule/days', '/everyday-words', '/everyday-words?which=lists', '/everyday-words/new', '/everyday-words/paste'], participant: ['/', '/actions'] };
  for (const [login, pages] of Object.entries(seen)) {
    const person = await arrive(`${login} on a telephone`, { size: { width: 360, height: 740 }, locale: 'en' });
    await person.logIn(login, logIns[login]);
    for (const page of pages) await person.open(page);
  }
}

module.exports = { glance };

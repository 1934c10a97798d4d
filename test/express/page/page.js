// The student directory in the browser.  Where it is in the list stands in the address, after the #, so that
// "back" and reloading lead where they should.  Whatever comes from the server is shown as text, never as HTML.
import { api, Failure } from './api.js';
import { askToDelete, openForm } from './forms.js';
import { element, face } from './elements.js';

const PAGE = 10;
const STUDENT = [
  { name: 'name', label: 'Name', required: true, autocomplete: 'off' },
  { name: 'cohort', label: 'Cohort', autocomplete: 'off' },
  { name: 'email', label: 'E-mail', type: 'email', autocomplete: 'off' },
];
const USER = STUDENT.filter(({ name }) => name !== 'cohort');
const POST = [{ name: 'title', label: 'Title', required: true }, { name: 'body', label: 'Text', long: true }];

const find = (selector, inside = document) => inside.querySelector(selector);
const views = { students: showStudents, users: showUsers };
const models = new Map();

// --- where we are: #students?search=ada&order=name,id&page=2

function place() {
  const [, view, query] = /^#(\w*)\??(.*)$/.exec(location.hash) ?? [];
  const values = new URLSearchParams(query);
  return {
    view: Object.hasOwn(views, view) ? view : 'students',
    search: values.get('search') ?? '',
    order: values.get('order') ?? 'name,id',
    page: Math.max(1, Math.trunc(Number(values.get('page'))) || 1),
  };
}

// Goes to another place; typing in the search field does not leave a step of "back" for each letter.
function go(changes, { replace = false } = {}) {
  const { view, ...values } = { ...place(), ...changes };
  const hash = `#${view}?${new URLSearchParams(values)}`;
  if (hash === location.hash) return show();
  history[replace ? 'replaceState' : 'pushState'](null, '', hash);
  return show();
}

// --- loading

let latest = 0;

// Shows what the address says.  Of two that are under way the later one counts.  True when it is shown.
async function show() {
  const mine = ++latest;
  const here = place();
  const section = find(`#${here.view}`);
  for (const name of Object.keys(views)) find(`#${name}`).hidden = name !== here.view;
  for (const link of document.querySelectorAll('header nav a'))
    if (link.hash === `#${here.view}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  section.setAttribute('aria-busy', 'true');
  try {
    const draw = await views[here.view](here);
    if (mine !== latest) return false;
    draw();
    find('#failure').hidden = true;
    return true;
  } catch (error) {
    if (mine === latest) showFailure(error);
    return false;
  } finally {
    if (mine === latest) section.removeAttribute('aria-busy');
  }
}

function showFailure(error) {
  if (!(error instanceof Failure)) console.error(error);
  find('#failure p').textContent = error.message;
  find('#failure').hidden = false;
}

find('#failure button').addEventListener('click', async () => {
  if (await show()) focusTitle();
});

const focusTitle = () => find(`#${place().view} h2`).focus();

// One record more than the page shows says whether there is another page.
const pageOf = ({ page }) => ({ limit: PAGE + 1, offset: (page - 1) * PAGE });

// The last record of the last page was deleted, or the address asks for a page that is not there.
const isBehindTheEnd = ({ page }, records) => page > 1 && records.length === 0;
const backToStart = () => go({ page: 1 }, { replace: true });

function drawPager(section, { page }, count) {
  const pager = find('.pager', section);
  const [previous, next] = pager.querySelectorAll('button');
  previous.disabled = page === 1;
  next.disabled = count <= PAGE;
  find('p', pager).textContent = count === 0 ? '' : `${(page - 1) * PAGE + 1} to ${(page - 1) * PAGE + Math.min(count, PAGE)}`;
  pager.hidden = previous.disabled && next.disabled;
}

for (const button of document.querySelectorAll('.pager button'))
  button.addEventListener('click', async () => {
    const shown = await go({ page: place().page + Number(button.dataset.step) });
    if (shown && button.disabled) focusTitle();
  });

// --- students

async function showStudents(here) {
  const query = new URLSearchParams({ order: here.order, ...pageOf(here) });
  if (here.search !== '') query.set('search', here.search);
  const students = await api('GET', `/students?${query}`);
  if (isBehindTheEnd(here, students)) return backToStart;
  return () => {
    const section = find('#students');
    const form = find('#search');
    if (document.activeElement !== form.search) form.search.value = here.search;
    form.order.value = here.order;
    find('tbody', section).replaceChildren(...students.slice(0, PAGE).map(studentRow));
    find('table', section).hidden = students.length === 0;
    const empty = find('.empty', section);
    empty.hidden = students.length > 0;
    empty.textContent = here.search === '' ? 'No student is here.' : `No student has “${here.search}” in name, cohort or e-mail address.`;
    drawPager(section, here, students.length);
  };
}

function studentRow(student) {
  const { id, name, cohort, email } = student;
  return element('tr', { 'data-id': id }, [
    element('td', {}, [element('span', { class: 'who' }, [face(name), element('span', {}, [name])])]),
    element('td', {}, cohort === null ? [] : [element('span', { class: 'tag' }, [cohort])]),
    element('td', {}, email === null ? [] : [element('a', { href: `mailto:${email}` }, [email])]),
    element('td', { class: 'actions' }, [
      button('Edit', `Edit ${name}`, () => editStudent(id)),
      button('Delete', `Delete ${name}`, () => remove('Student', `/students/${id}`, name), 'plain danger'),
    ]),
  ]);
}

const button = (text, label, click, kind = 'plain') =>
  element('button', { type: 'button', class: kind, 'aria-label': label, onclick: click }, [text]);

find('#add-student').addEventListener('click', () =>
  openForm({
    title: 'Add a student', fields: STUDENT,
    save: async (values) => {
      const { name } = await api('POST', '/students', values);
      return () => added(name, '#add-student');
    },
  }));

async function editStudent(id) {
  let student;
  try {
    student = await api('GET', `/students/${id}`);
  } catch (error) {
    return gone(error);
  }
  openForm({
    title: `Edit ${student.name}`, fields: STUDENT, values: student,
    save: async (values) => {
      const { name } = await api('PUT', `/students/${id}`, values);
      return () => saved(`${name} is saved.`, `[data-id="${id}"] button`);
    },
  });
}

// Somebody else has deleted it.
async function gone(error) {
  if (error.status !== 404) return showFailure(error);
  note('That one is not there any more.');
  await show();
}

// Says so, and leaves the focus where the next step is likely.
async function saved(text, selector) {
  note(text);
  await show();
  find(selector)?.focus();
}

const added = (name, selector) => saved(`${name} is added.`, selector);

let typing;
find('#search').addEventListener('input', ({ target }) => {
  clearTimeout(typing);
  const replace = target.name === 'search';
  typing = setTimeout(() => go({ [target.name]: target.value, page: 1 }, { replace }), replace ? 200 : 0);
});
find('#search').addEventListener('submit', (event) => {
  event.preventDefault();
  clearTimeout(typing);
  go({ search: event.target.search.value, page: 1 });
});

// --- users and their posts

async function showUsers(here) {
  const users = await api('GET', `/users?${new URLSearchParams({ include: 'Posts', order: 'name,id', ...pageOf(here) })}`);
  if (isBehindTheEnd(here, users)) return backToStart;
  return () => {
    const section = find('#users');
    find('.cards', section).replaceChildren(...users.slice(0, PAGE).map(userCard));
    const empty = find('.empty', section);
    empty.hidden = users.length > 0;
    empty.textContent = 'No user is here.';
    drawPager(section, here, users.length);
  };
}

function userCard({ id, name, email, Posts }) {
  return element('article', { class: 'card', 'data-user': id }, [
    element('div', { class: 'who' }, [
      face(name),
      element('div', {}, [element('h3', {}, [name]), email === null ? '' : element('a', { href: `mailto:${email}` }, [email])]),
    ]),
    Posts.length === 0 ? '' : element('ul', {}, Posts.map(postItem)),
    element('div', { class: 'foot' }, [
      Posts.length === 1 ? '1 post' : `${Posts.length} posts`,
      button('Add a post', `Add a post of ${name}`, () => addPost(id, name), ''),
    ]),
  ]);
}

function postItem({ id, title, body }) {
  return element('li', {}, [
    element('div', {}, [element('h4', {}, [title]), body === null ? '' : element('p', { class: 'body' }, [body])]),
    button('Delete', `Delete ${title}`, () => remove('Post', `/posts/${id}`, title), 'plain danger'),
  ]);
}

function addPost(userId, name) {
  openForm({
    title: `A post of ${name}`, fields: POST,
    save: async (values) => {
      const { title } = await api('POST', `/users/${userId}/posts`, values);
      return () => added(title, `[data-user="${userId}"] .foot button`);
    },
  });
}

find('#add-user').addEventListener('click', () =>
  openForm({
    title: 'Add a user', fields: USER,
    save: async (values) => {
      const { name } = await api('POST', '/users', values);
      return () => added(name, '#add-user');
    },
  }));

// --- deleting

// What a paranoid model has deleted can be brought back; of others we ask first.
async function remove(model, path, name) {
  try {
    if (!models.has(model)) models.set(model, await api('GET', `/models/${model}`));
    const { paranoid = false } = models.get(model).options;
    if (!paranoid && !(await askToDelete(name))) return;
    await api('DELETE', path);
    note(`${name} is deleted.`, paranoid ? () => restore(path, name) : undefined);
    await show();
    if (paranoid) find('#note .undo').focus();
    else focusTitle();
  } catch (error) {
    gone(error);
  }
}

async function restore(path, name) {
  try {
    await api('POST', `${path}/restore`);
    note(`${name} is back.`);
    await show();
    focusTitle();
  } catch (error) {
    gone(error);
  }
}

// A message that stays until it is closed or another one comes.
function note(text, undo) {
  find('#note p').textContent = text;
  find('#note .undo').hidden = undo === undefined;
  find('#note .undo').onclick = undo ?? null;
  find('#note').hidden = false;
}

find('#note .close').addEventListener('click', () => {
  find('#note').hidden = true;
  focusTitle();
});

// --- keys, and the start

document.addEventListener('keydown', (event) => {
  const writing = event.target.closest('input, textarea, select, dialog');
  if (event.key !== '/' || writing || event.ctrlKey || event.metaKey || event.altKey || place().view !== 'students') return;
  event.preventDefault();
  find('#search').search.focus();
});
addEventListener('popstate', () => {
  find('#note').hidden = true;
  show();
});
show();

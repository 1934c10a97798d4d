// The two dialogs: a form whose fields show what the server says of them, and "are you sure?".
import { Failure } from './api.js';
import { element } from './elements.js';

const dialog = document.querySelector('#form');
const form = dialog.querySelector('form');
const problem = form.querySelector('.problem');
const submit = form.querySelector('[type=submit]');
let current;

// Opens the form.  fields: { name, label, required, type, long }; values: a record to begin with; save: takes
// the values, an empty text as null where the field may be empty, throws a Failure when the server refuses, and
// returns what is to be done when the form is closed.
export function openForm({ title, fields, values = {}, save }) {
  current = { fields, save };
  form.querySelector('h2').textContent = title;
  form.querySelector('.fields').replaceChildren(...fields.map((field) => fieldOf(field, values[field.name] ?? '')));
  say(undefined);
  dialog.showModal();
  form.querySelector('.fields input, .fields textarea').focus();
}

function fieldOf({ name, label, required = false, type = 'text', long = false, autocomplete = 'off' }, value) {
  const control = element(long ? 'textarea' : 'input', {
    name, autocomplete, id: `field-${name}`, 'aria-required': required, 'aria-describedby': `problem-${name}`,
    ...(long ? {} : { type }),
  });
  control.value = value;
  return element('div', { class: 'field' }, [
    element('label', { for: `field-${name}` }, [element('span', {}, [required ? label : `${label} (may be empty)`])]),
    control,
    element('p', { class: 'problem', id: `problem-${name}` }),
  ]);
}

// Puts each failure at its field, what belongs to none at the top, and the focus on the first field that failed.
function say(failure) {
  const items = failure?.items ?? [];
  let first;
  for (const { name } of current.fields) {
    const messages = items.filter(({ path }) => path === name).map(({ message }) => message);
    const control = form.elements.namedItem(name);
    control.setAttribute('aria-invalid', String(messages.length > 0));
    form.querySelector(`#problem-${name}`).textContent = messages.join(' ');
    if (messages.length > 0) first ??= control;
  }
  const names = current.fields.map(({ name }) => name);
  const rest = items.filter(({ path }) => !names.includes(path)).map(({ message }) => message);
  const text = failure === undefined || first !== undefined ? rest.join(' ') : rest.join(' ') || failure.message;
  problem.textContent = text;
  problem.hidden = text === '';
  first?.focus();
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (submit.disabled) return;
  const { fields, save } = current;
  const values = Object.fromEntries(fields.map(({ name, required }) => {
    const { value } = form.elements.namedItem(name);
    return [name, value === '' && !required ? null : value];
  }));
  submit.disabled = true;
  try {
    const then = await save(values);
    dialog.close();
    await then();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(error);
  } finally {
    submit.disabled = false;
  }
});
form.querySelector('[value=cancel]').addEventListener('click', () => dialog.close());

// Asks before something is deleted for good: true for yes.
export function askToDelete(name) {
  const confirm = document.querySelector('#confirm');
  confirm.querySelector('h2').textContent = `Delete “${name}”?`;
  confirm.returnValue = 'cancel';
  confirm.showModal();
  return new Promise((resolve) =>
    confirm.addEventListener('close', () => resolve(confirm.returnValue === 'delete'), { once: true }));
}

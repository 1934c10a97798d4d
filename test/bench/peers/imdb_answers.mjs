// What IMDBench's answers hold besides what is stored, made in the client: averages, full names, people in their order.
export const average = (reviews) => (reviews.length === 0 ? null : reviews.reduce((sum, { rating }) => sum + rating, 0) / reviews.length);

export const named = (person) => ({ ...person, full_name: [person.first_name, person.middle_name, person.last_name].filter((part) => part !== null).join(' ') });

// The people of join rows.
export function byPlace(rows) {
  return rows.sort((a, b) => a.list_order - b.list_order || a.person.last_name.localeCompare(b.person.last_name)).map(({ person }) => named(person));
}

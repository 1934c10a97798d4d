// With QUICK=1 every job runs once, on little data: it shows that the job runs, and no more.
const QUICK = process.env.QUICK === '1';

export const size = (full, quick) => (QUICK ? quick : full);

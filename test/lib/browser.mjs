// A headless Chromium (SD_CHROMIUM names another than Debian's).  Its processes keep what they share in a folder of
// their own: they are not root even where root runs them, and what root may write is not theirs.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const openBrowser = () => chromium.launch({
  executablePath: process.env.SD_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
  env: { ...process.env, TMPDIR: mkdtempSync(join(process.env.SD_TMP, 'browser-')) },
});

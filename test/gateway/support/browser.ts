/** A real browser without a window, or the reason why there is none. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

const HOW_TO_INSTALL = `No browser at ${executablePath}: install Chromium (apt-get install -y chromium) or set CHROMIUM_PATH.`;

/**
 * Whether browser tests can run here. In the pipeline (CI=true) they must: a missing browser fails there, elsewhere it
 * is only said.
 */
export function canBrowse(): boolean {
  if (existsSync(executablePath)) return true;
  if (process.env['CI'] !== 'true') console.warn(`Browser tests are skipped. ${HOW_TO_INSTALL}`);
  return process.env['CI'] === 'true';
}

/** @throws Error saying how to install a browser */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(executablePath)) throw new Error(HOW_TO_INSTALL);
  return await chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Waits until GraphiQL's answer holds a text. @returns the visible part of the answer, blanks made plain */
export async function resultWith(page: Page, text: string): Promise<string> {
  const answer = page.locator('.result-window');
  for (let attempt = 0; attempt < 100; attempt += 1) {
    // The editor shows blanks as no-break spaces.
    const shown = (await answer.innerText()).replaceAll('\u00a0', ' ');
    if (shown.includes(text)) return shown;
    await page.waitForTimeout(100);
  }
  throw new Error(`GraphiQL did not show ${text} but: ${await answer.innerText()}`);
}

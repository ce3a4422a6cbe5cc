/** The report by region and class as a picture: one bar per prefecture, its classes side by side. Pure. */
import { RISK_CLASSES, type RiskClass } from '../search/institution-entry.model.ts';
import { CLASS_NAMES } from './class-names.ts';
import type { RegionRow } from './region-report.ts';

const COLOURS: Readonly<Record<RiskClass, string>> = { A: '#4c9f70', B: '#9bbf5a', C: '#e2a23b', D: '#c8453c' };
const WIDTH = 900;
const LEFT = 210;
const BAR = 22;
const STEP = 34;
const TOP = 70;
const LEGEND = 130;
/** It leaves the hub as a file, and goes from hand to hand. */
const NOTE = 'Internal, not for publication 内部资料,不得公开';

/** Names come from a register; in a picture they are text and nothing else. */
const escaped = (text: string): string =>
  text.replace(/[&<>"]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);

function barOf({ name, counts, total }: RegionRow, index: number, pointsPerInstitution: number): string[] {
  const y = TOP + index * STEP;
  const label = `<text x="${LEFT - 10}" y="${y + 16}" text-anchor="end">${escaped(name)}</text>`;
  let x = LEFT;
  const parts = RISK_CLASSES.flatMap((riskClass) => {
    const count = counts[riskClass];
    if (count === 0) return [];
    const width = count * pointsPerInstitution;
    const part = `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${COLOURS[riskClass]}"><title>${escaped(name)} ${riskClass}: ${count}</title></rect>`;
    x += width;
    return [part];
  });
  return [label, ...parts, `<text x="${(x + 8).toFixed(1)}" y="${y + 16}">${total}</text>`];
}

/** @returns a whole SVG document */
export function regionChart(rows: readonly RegionRow[], title: string): string {
  const most = Math.max(1, ...rows.map(({ total }) => total));
  const pointsPerInstitution = (WIDTH - LEFT - 80) / most;
  const height = TOP + rows.length * STEP + 40;
  const legend = RISK_CLASSES.map(
    (riskClass, index) =>
      `<rect x="${LEFT + index * LEGEND}" y="40" width="14" height="14" fill="${COLOURS[riskClass]}"/><text x="${LEFT + index * LEGEND + 20}" y="52">${riskClass} ${CLASS_NAMES[riskClass]}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="13" role="img" aria-label="${escaped(title)}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="24" font-size="16">${escaped(title)}</text>`,
    ...legend,
    ...rows.flatMap((row, index) => barOf(row, index, pointsPerInstitution)),
    `<text x="${WIDTH - 20}" y="${height - 10}" text-anchor="end" fill="#555555">${NOTE}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

/**
 * Per-second data of emission tests. It depends on the test's process seed, method and length only, so two tests with
 * one seed have the same curves, as copied data have.
 */
import { Dice, roundTo } from './random.ts';
import type { EmissionMethod, WorldProcessSample, WorldVisit } from './types.ts';

/** Second and speed of the corners of the simplified transient cycle (GB 18285-2018 annex D, 195 s). */
const VMAS_CORNERS: readonly (readonly [number, number])[] = [
  [11, 0],
  [15, 15],
  [23, 15],
  [28, 0],
  [49, 0],
  [61, 32],
  [85, 32],
  [96, 0],
  [117, 0],
  [143, 50],
  [155, 50],
  [163, 35],
  [176, 35],
  [188, 0],
];

const IDLE_RPM = 780;

/** The samples of a visit's emission test, one per second from 1; none when there was no test. */
export function processSeriesOf({ emission }: WorldVisit): readonly WorldProcessSample[] {
  if (emission === null) return [];
  const { method, processSeconds, processSeed } = emission;
  const dice = new Dice(processSeed, processSeconds, method);
  const engine = drawEngine(dice, method);
  const drift = { hc: 0, co: 0, no: 0 };
  return Array.from({ length: processSeconds }, (_, place) => {
    const second = place + 1;
    const { speed, load } = stateAt(method, second, processSeconds);
    drift.hc = wander(dice, drift.hc);
    drift.co = wander(dice, drift.co);
    drift.no = wander(dice, drift.no);
    const speedKmh = Math.max(0, roundTo(speed + (speed > 0 ? dice.decimal(-0.6, 0.6, 2) : 0), 1));
    return {
      second,
      speedKmh,
      rpm: Math.round(IDLE_RPM + load * engine.rpmRange + dice.int(-25, 25)),
      hcPpm: Math.round(engine.hc * (1 + 0.6 * load) * (1 + drift.hc)),
      coPercent: roundTo(engine.co * (1 + 0.9 * load) * (1 + drift.co), 3),
      co2Percent: roundTo(engine.co2 * (0.9 + 0.1 * load) + dice.decimal(-0.15, 0.15, 3), 2),
      noPpm: Math.round(engine.no * (0.2 + load) * (1 + drift.no)),
      o2Percent: roundTo(engine.o2 + dice.decimal(-0.1, 0.1, 3), 2),
      lambda: roundTo(engine.lambda + dice.decimal(-0.01, 0.01, 4), 3),
    };
  });
}

function drawEngine(dice: Dice, method: EmissionMethod) {
  const diesel = method === 'LUGDOWN' || method === 'OPACITY';
  return {
    rpmRange: dice.int(diesel ? 1500 : 2100, diesel ? 2000 : 3200),
    hc: dice.decimal(6, 60, 1),
    co: dice.decimal(0.02, 0.4, 3),
    no: dice.decimal(diesel ? 200 : 20, diesel ? 900 : 350, 0),
    co2: diesel ? dice.decimal(6, 9, 2) : dice.decimal(13.6, 15.2, 2),
    o2: diesel ? dice.decimal(8, 12, 2) : dice.decimal(0.2, 1.2, 2),
    lambda: diesel ? dice.decimal(1.5, 2.2, 2) : dice.decimal(0.985, 1.02, 3),
  };
}

/** A slow random walk around zero that stays above -0.5, different for every test. */
function wander(dice: Dice, value: number): number {
  return Math.max(-0.5, value * 0.93 + dice.decimal(-0.12, 0.12, 4));
}

/** Speed in km/h and load from 0 to 1 at a second of the test. */
function stateAt(method: EmissionMethod, second: number, total: number): { speed: number; load: number } {
  switch (method) {
    case 'VMAS': {
      const speed = speedOnCycle(second);
      return { speed, load: speed / 60 };
    }
    case 'ASM': {
      // 5025 first, then 2540.
      const target = second < total * 0.55 ? 25 : 40;
      const speed = Math.min(target, second * 2.5);
      return { speed, load: target === 25 ? 0.5 : 0.4 };
    }
    case 'DOUBLE_IDLE':
      // Warm up at high speed, high idle, then low idle.
      return { speed: 0, load: second < 30 ? 0.9 : second < total * 0.55 ? 0.6 : 0 };
    case 'LUGDOWN': {
      // Full throttle, then the drum slows the vehicle from 100 % to 80 % of the speed of greatest power.
      const rolling = Math.min(1, second / 40);
      const slowing = second > total * 0.6 ? 0.8 : 1;
      return { speed: 72 * rolling * slowing, load: rolling };
    }
    case 'OPACITY':
      // Six times full throttle for four of fifteen seconds.
      return { speed: 0, load: second % 15 < 4 ? 1 : 0 };
  }
}

function speedOnCycle(second: number): number {
  let [fromSecond, fromSpeed] = [0, 0];
  for (const [toSecond, toSpeed] of VMAS_CORNERS) {
    if (second <= toSecond) {
      const share = (second - fromSecond) / (toSecond - fromSecond);
      return fromSpeed + (toSpeed - fromSpeed) * share;
    }
    [fromSecond, fromSpeed] = [toSecond, toSpeed];
  }
  return 0;
}

import { expect, it } from 'vitest'
import {
  createRandom,
  type SimulatedStore,
  Simulation,
  type Traffic,
} from './simulated-store.testing.ts'
import { Worth } from './worth.ts'

const seeds = [1, 2, 3]
const minuteMs = 60_000
const most = 63
const contention = 0.02

/** Queries of one kind, 5 ms each with a deviation as large. */
function alike(seed: number): Traffic {
  const random = createRandom(seed)
  return { next: () => ({ cost: 1, workMs: -Math.log(1 - random()) * 5 }) }
}

/** Most are cheap, some take fifty times as long, and what is known of their cost is off by up to a factor of two. */
function mixed(seed: number): Traffic {
  const random = createRandom(seed)
  return {
    next() {
      const weight = random() < 0.05 ? 50 : 1
      const workMs = -Math.log(1 - random()) * 5 * weight
      return { workMs, cost: 10 * weight * 2 ** (2 * random() - 1) }
    },
  }
}

interface Setting extends Partial<SimulatedStore> {
  readonly cores: number
}

const openStore = (setting: Setting): SimulatedStore => ({
  ...{ contention, taken: (turns) => turns, paceAt: () => 1 },
  ...setting,
})

/** Cores that are busy with answers at the best limit, of a store that has so many. */
function bestOf(cores: number): number {
  const limits = Array.from({ length: most }, (_, index) => index + 1)
  return Math.max(...limits.map((n) => Math.min(n, cores) / (1 + contention * (n - 1))))
}

for (const [name, traffic] of Object.entries({ alike, mixed }))
  it.each([1, 2, 4, 8, 32])(
    `finds what a store of %i cores is worth, of queries ${name}`,
    (cores) => {
      for (const seed of seeds) {
        const simulation = new Simulation(openStore({ cores }), most, traffic(seed))
        // Some ten thousands of queries.
        simulation.run((5 * minuteMs) / cores)
        const { busyCores, found } = simulation.run((5 * minuteMs) / cores)
        expect(busyCores).toBeGreaterThan(0.85 * bestOf(cores))
        expect(found).toBeLessThan(1.3 * Math.max(2, cores) + 1)
      }
    },
  )

it('finds in seconds what small stores are worth', () => {
  for (const cores of [1, 2, 7])
    for (const seed of seeds) {
      const simulation = new Simulation(openStore({ cores }), 7, alike(seed))
      simulation.run(5000)
      expect(Math.abs(simulation.worth.found - cores)).toBeLessThanOrEqual(1)
    }
})

it('finds a store again that has become faster or slower', () => {
  // Of all tenants, and of one alone.
  for (const [seed, left] of [
    [1, 0],
    [2, 0],
    [3, 1],
    [4, 1],
  ] as const) {
    const store = openStore({ cores: 2, taken: (turns) => turns - left })
    const simulation = new Simulation(store, most, mixed(seed))
    for (const cores of [2, 16, 3]) {
      store.cores = cores
      simulation.run(3 * minuteMs)
      const { busyCores, found } = simulation.run(minuteMs)
      expect(busyCores).toBeGreaterThan(0.85 * bestOf(cores))
      expect(found - left).toBeLessThan(1.3 * cores + 1)
    }
  }
})

it('does not take for its own doing that a store is slow at times', () => {
  for (const seed of seeds) {
    const random = createRandom(seed)
    const paces = Array.from({ length: 10_000 }, () => 0.1 + 0.9 * random())
    // Each fifth of a second another pace, and a tenth of it for seconds each half minute.
    const paceAt = (nowMs: number): number =>
      (paces[Math.floor(nowMs / 200) % paces.length] ?? 1) * (nowMs % 30_000 < 4000 ? 0.1 : 1)
    const simulation = new Simulation(openStore({ cores: 8, paceAt }), most, mixed(seed))
    simulation.run(2 * minuteMs)
    const { found } = simulation.run(5 * minuteMs)
    expect(found).toBeGreaterThan(6)
    expect(found).toBeLessThan(12)
  }
})

it('learns nothing from turns that nobody may take', () => {
  const simulation = new Simulation(openStore({ cores: 32, taken: () => 2 }), 63, alike(1))
  simulation.run(5 * minuteMs)
  expect(simulation.worth.found).toBeGreaterThanOrEqual(2)
  expect(new Worth(1).turns).toBe(1)
})

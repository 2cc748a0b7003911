import { Counter, Gauge, type Registry } from 'prom-client'

export interface MetricSpec {
  readonly name: string
  readonly help: string
  /** Names; the values of each are bounded. */
  readonly labels?: readonly string[]
}

const configOf = (registry: Registry, { name, help, labels = [] }: MetricSpec) => ({
  ...{ name, help, labelNames: [...labels] },
  registers: [registry],
})

/** The counter of that name, made when it is not there: services are restarted within one process. */
export function counter(registry: Registry, spec: MetricSpec): Counter {
  const found = registry.getSingleMetric(spec.name)
  return found instanceof Counter ? found : new Counter(configOf(registry, spec))
}

/** As `counter`. */
export function gauge(registry: Registry, spec: MetricSpec): Gauge {
  const found = registry.getSingleMetric(spec.name)
  return found instanceof Gauge ? found : new Gauge(configOf(registry, spec))
}

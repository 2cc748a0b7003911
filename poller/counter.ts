import { Counter, type Registry } from 'prom-client'

/** Services are restarted within one process, so a metric may be there already. */
export function counter(
  registry: Registry,
  { name, help }: { readonly name: string; readonly help: string },
  labelNames: string[],
): Counter {
  const found = registry.getSingleMetric(name)
  if (found instanceof Counter) return found
  return new Counter({ name, help, labelNames, registers: [registry] })
}

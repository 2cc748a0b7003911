/** The downhill simplex of Nelder and Mead, with the coefficients, the start and the order of additions of InfluxDB's
 *  query/neldermead: a forecast shows every difference. Source of the method: http://www.mikehutt.com/neldermead.html */

type Vertex = number[]
type Objective = (vertex: Vertex) => number

const maxIterations = 1000
const [reflection, contraction, expansion] = [1, 0.5, 2] as const

interface Simplex {
  readonly vertices: Vertex[]
  readonly costs: number[]
}

export interface Minimum {
  readonly cost: number
  readonly vertex: Vertex
}

const at = (values: readonly number[], index: number): number => values[index] ?? 0

export function minimize(objective: Objective, start: readonly number[], epsilon: number): Minimum {
  const simplex = startAround(objective, start)
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    step(simplex, objective)
    if (deviation(simplex.costs) < epsilon) break
  }
  const least = indexOf(simplex.costs, (cost, best) => cost < best)
  const vertex = [...(simplex.vertices[least] ?? [])]
  const cost = objective(simplex.vertices[least] ?? [])
  return { cost, vertex }
}

function startAround(objective: Objective, start: readonly number[]): Simplex {
  const n = start.length
  const long = (Math.sqrt(n + 1) - 1 + n) / (n * Math.SQRT2)
  const short = (Math.sqrt(n + 1) - 1) / (n * Math.SQRT2)
  const vertices = [[...start]]
  for (let i = 0; i < n; i++)
    vertices.push(start.map((value, j) => (i === j ? long + value : short + value)))
  return { vertices, costs: vertices.map(objective) }
}

function indexOf(
  costs: readonly number[],
  isBetter: (cost: number, best: number) => boolean,
): number {
  let best = 0
  for (let i = 0; i < costs.length; i++) if (isBetter(at(costs, i), at(costs, best))) best = i
  return best
}

function secondGreatest(costs: readonly number[], least: number, greatest: number): number {
  let best = least
  for (let i = 0; i < costs.length; i++)
    if (at(costs, i) > at(costs, best) && at(costs, i) < at(costs, greatest)) best = i
  return best
}

function centroidWithout(vertices: readonly Vertex[], left: number): Vertex {
  const n = vertices.length - 1
  return Array.from({ length: n }, (_, i) => {
    let sum = 0
    for (const [m, vertex] of vertices.entries()) if (m !== left) sum += at(vertex, i)
    return sum / n
  })
}

function step({ vertices, costs }: Simplex, objective: Objective): void {
  const greatest = indexOf(costs, (cost, best) => cost > best)
  const least = indexOf(costs, (cost, best) => cost < best)
  const second = secondGreatest(costs, least, greatest)
  const worst = vertices[greatest] ?? []
  const centre = centroidWithout(vertices, greatest)
  const put = (vertex: Vertex, cost: number) => {
    for (const [i, value] of vertex.entries()) worst[i] = value
    costs[greatest] = cost
  }
  const reflected = centre.map((c, i) => c + reflection * (c - at(worst, i)))
  const cost = objective(reflected)
  if (cost < at(costs, second) && cost >= at(costs, least)) put(reflected, cost)
  if (cost < at(costs, least)) {
    const expanded = centre.map((c, i) => c + expansion * (at(reflected, i) - c))
    const further = objective(expanded)
    if (further < cost) put(expanded, further)
    else put(reflected, cost)
  }
  if (cost < at(costs, second)) return
  const isOutside = cost < at(costs, greatest)
  const contracted = centre.map((c, i) =>
    isOutside ? c + contraction * (at(reflected, i) - c) : c - contraction * (c - at(worst, i)),
  )
  const nearer = objective(contracted)
  if (nearer < at(costs, greatest)) put(contracted, nearer)
  else {
    shrink(vertices, least)
    costs[greatest] = objective(worst)
    costs[second] = objective(vertices[second] ?? [])
  }
}

function shrink(vertices: readonly Vertex[], least: number): void {
  const centre = vertices[least] ?? []
  for (const [row, vertex] of vertices.entries()) {
    if (row === least) continue
    for (let i = 0; i < vertex.length; i++)
      vertex[i] = at(centre, i) + (at(vertex, i) - at(centre, i)) / 2
  }
}

function deviation(costs: readonly number[]): number {
  let sum = 0
  for (const cost of costs) sum += cost
  const mean = sum / costs.length
  let squares = 0
  for (const cost of costs) squares += (cost - mean) ** 2 / (costs.length - 1)
  return Math.sqrt(squares)
}

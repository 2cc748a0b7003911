import { Card, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { queryMetrics } from '../http/metrics.ts'
import { Empty, QueryState } from '../states/QueryState.tsx'
import { type RangeName, ranges } from '../time/range.ts'
import type { Unit } from './format.ts'
import { type Lines, toLines } from './lines.ts'
import { TimeSeriesChart } from './TimeSeriesChart.tsx'

export interface MetricPanelProps {
  readonly title: string
  readonly description: string
  readonly unit: Unit
  readonly range: RangeName
  /** InfluxQL for a stretch of time; both bounds in milliseconds. */
  readonly text: (fromMs: number, toMs: number) => string
  readonly max?: number
}

interface Answer {
  readonly lines: Lines
  readonly from: number
  readonly to: number
}

async function load(props: MetricPanelProps, signal: AbortSignal): Promise<Answer> {
  const toMs = Date.now()
  const fromMs = toMs - ranges[props.range] * 1000
  const [series = []] = await queryMetrics(props.text(fromMs, toMs), signal)
  return { lines: toLines(series), from: fromMs / 1000, to: toMs / 1000 }
}

/** A chart that asks again every few seconds while it can be seen. */
export function MetricPanel(props: MetricPanelProps) {
  const query = useQuery({
    queryKey: ['metrics', props.title, props.text(0, 0), props.range],
    queryFn: ({ signal }) => load(props, signal),
    refetchInterval: ranges[props.range] <= 3600 ? 5000 : 60_000,
    placeholderData: keepPreviousData,
  })
  return (
    <Card withBorder padding="sm" radius="md">
      <Text size="sm" fw={600} title={props.description}>
        {props.title}
      </Text>
      <QueryState
        query={query}
        what={props.title}
        isEmpty={({ lines }) => lines.times.length === 0}
        empty={
          <Empty title="No data in this range">
            Choose a longer range, or see whether the agent runs.
          </Empty>
        }
      >
        {({ lines, from, to }) => (
          <TimeSeriesChart
            label={props.title}
            lines={lines}
            unit={props.unit}
            from={from}
            to={to}
            {...(props.max === undefined ? {} : { max: props.max })}
          />
        )}
      </QueryState>
    </Card>
  )
}

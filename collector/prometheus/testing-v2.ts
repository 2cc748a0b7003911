import { parse } from 'protobufjs'

// What a test sends of 2.0, in the words of protobufjs, which encodes it without a line of what reads it. The numbers are those of the specification:
// https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/#protobuf-message
const schema = `syntax = "proto3";
package io.prometheus.write.v2;
message Request { repeated string symbols = 4; repeated TimeSeries timeseries = 5; }
message TimeSeries {
  repeated uint32 labels_refs = 1;
  repeated Sample samples = 2;
  repeated Histogram histograms = 3;
  repeated Exemplar exemplars = 4;
  Metadata metadata = 5;
  int64 created_timestamp = 6;
}
message Sample { double value = 1; int64 timestamp = 2; }
message Histogram { double sum = 3; int64 timestamp = 15; }
message Exemplar { repeated uint32 labels_refs = 1; double value = 2; }
message Metadata { uint32 type = 1; uint32 help_ref = 3; uint32 unit_ref = 4; }`

const requestType = parse(schema, { keepCase: true }).root.lookupType(
  'io.prometheus.write.v2.Request',
)

interface TestSeriesV2 {
  readonly labels_refs: readonly number[]
  readonly samples?: readonly { readonly value: number; readonly timestamp: number }[]
  readonly histograms?: readonly { readonly sum: number }[]
  readonly exemplars?: readonly {
    readonly labels_refs: readonly number[]
    readonly value: number
  }[]
  readonly metadata?: Readonly<Partial<Record<'type' | 'help_ref' | 'unit_ref', number>>>
  readonly created_timestamp?: number
}

/** An `io.prometheus.write.v2.Request`. */
export const toRequestV2 = (
  symbols: readonly string[],
  timeseries: readonly TestSeriesV2[],
): Buffer => Buffer.from(requestType.encode({ symbols, timeseries }).finish())

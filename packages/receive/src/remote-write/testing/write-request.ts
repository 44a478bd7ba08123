import protobuf from 'protobufjs';
import { compress } from 'snappyjs';
import type { RemoteWriteVersion } from '../decoder.js';

/** A series as both versions send it. */
export interface SentSeries {
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly samples: readonly (readonly [timeMs: number, value: number])[];
  readonly exemplars?: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
    readonly timeMs: number;
  }[];
  readonly metadata?: { readonly type: number; readonly help: string; readonly unit: string };
}

// The messages as the specifications have them, written by another implementation of protobuf.
const SAMPLE = 'message Sample { double value = 1; int64 timestamp = 2; }';
const FIRST = protobuf
  .parse(`syntax = "proto3"; ${SAMPLE}
message Label { string name = 1; string value = 2; }
message Exemplar { repeated Label labels = 1; double value = 2; int64 timestamp = 3; }
message Series { repeated Label labels = 1; repeated Sample samples = 2; repeated Exemplar exemplars = 3; }
message Metadata { int32 type = 1; string metric_family_name = 2; string help = 4; string unit = 5; }
message Request { repeated Series timeseries = 1; repeated Metadata metadata = 3; }`)
  .root.lookupType('Request');
const SECOND = protobuf
  .parse(`syntax = "proto3"; ${SAMPLE}
message Metadata { int32 type = 1; uint32 help_ref = 3; uint32 unit_ref = 4; }
message Exemplar { repeated uint32 labels_refs = 1; double value = 2; int64 timestamp = 3; }
message Series { repeated uint32 labels_refs = 1; repeated Sample samples = 2; repeated Exemplar exemplars = 4; Metadata metadata = 5; int64 created_timestamp = 6; }
message Request { repeated string symbols = 4; repeated Series timeseries = 5; }`)
  .root.lookupType('Request');

/** The message, not compressed. */
export function encodeWrite(version: RemoteWriteVersion, series: readonly SentSeries[]): Uint8Array {
  const [type, request] = version === '1.0' ? [FIRST, firstRequest(series)] : [SECOND, secondRequest(series)];
  return type.encode(type.fromObject(request)).finish();
}

/** A body as it is sent, compressed by another implementation of snappy. */
export function writeBody(version: RemoteWriteVersion, series: readonly SentSeries[]): Uint8Array {
  return compress(new Uint8Array(encodeWrite(version, series)));
}

const toSamples = (samples: SentSeries['samples']) => samples.map(([timestamp, value]) => ({ timestamp, value }));

function firstRequest(series: readonly SentSeries[]): object {
  return {
    timeseries: series.map(({ labels, samples, exemplars = [] }) => ({
      labels: labels.map(([name, value]) => ({ name, value })),
      samples: toSamples(samples),
      exemplars: exemplars.map(({ labels: own, value, timeMs }) => ({
        labels: Object.entries(own).map(([name, text]) => ({ name, value: text })),
        value,
        timestamp: timeMs,
      })),
    })),
    metadata: series.flatMap(({ labels, metadata }) =>
      metadata === undefined ? [] : { ...metadata, metricFamilyName: new Map(labels).get('__name__') },
    ),
  };
}

function secondRequest(series: readonly SentSeries[]): object {
  const symbols = new Map([['', 0]]);
  const refOf = (text: string): number => {
    const ref = symbols.get(text) ?? symbols.size;
    symbols.set(text, ref);
    return ref;
  };
  const timeseries = series.map(({ labels, samples, metadata, exemplars = [] }) => ({
    labelsRefs: labels.flatMap(([name, value]) => [refOf(name), refOf(value)]),
    samples: toSamples(samples),
    exemplars: exemplars.map(({ labels: own, value, timeMs }) => ({
      labelsRefs: Object.entries(own).flatMap(([name, text]) => [refOf(name), refOf(text)]),
      value,
      timestamp: timeMs,
    })),
    createdTimestamp: 1,
    ...(metadata === undefined
      ? {}
      : { metadata: { type: metadata.type, helpRef: refOf(metadata.help), unitRef: refOf(metadata.unit) } }),
  }));
  return { symbols: [...symbols.keys()], timeseries };
}

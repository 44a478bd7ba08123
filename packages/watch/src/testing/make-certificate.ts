import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A key with its certificate, both PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** What a certificate says. */
export interface CertificateOptions {
  readonly commonName: string;
  /** Names and IPv4 addresses that it stands for. */
  readonly hosts?: readonly string[];
  /** Who signs it; itself when absent. */
  readonly issuer?: Certificate & { readonly commonName: string };
}

const OID = {
  commonName: '550403',
  ecdsaWithSha256: '2a8648ce3d040302',
  basicConstraints: '551d13',
  subjectAltName: '551d11',
} as const;

/** A certificate for tests, valid for the years around now (X.509 v3, RFC 5280). Every one may sign others. */
export function makeCertificate({ commonName, hosts = [], issuer }: CertificateOptions): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(0x30, oid(OID.ecdsaWithSha256));
  const year = new Date().getUTCFullYear();
  const names = hosts.map((host) =>
    /^[\d.]+$/.test(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
  );
  const extensions = [
    der(0x30, oid(OID.basicConstraints), der(1, Buffer.of(0xff)), der(4, der(0x30, der(1, Buffer.of(0xff))))),
    ...(names.length === 0 ? [] : [der(0x30, oid(OID.subjectAltName), der(4, der(0x30, ...names)))]),
  ];
  const body = der(
    0x30,
    der(0xa0, der(2, Buffer.of(2))),
    // The first bit stays clear: serial numbers are positive.
    der(2, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    name(issuer?.commonName ?? commonName),
    der(0x30, ...[year - 1, year + 1].map((at) => der(0x18, Buffer.from(`${at}0101000000Z`)))),
    name(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, ...extensions)),
  );
  const signature = sign('sha256', body, issuer === undefined ? privateKey : createPrivateKey(issuer.key));
  const whole = der(0x30, body, algorithm, der(3, Buffer.of(0), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}

function name(commonName: string): Buffer {
  return der(0x30, der(0x31, der(0x30, oid(OID.commonName), der(0x0c, Buffer.from(commonName)))));
}

function oid(hex: string): Buffer {
  return der(6, Buffer.from(hex, 'hex'));
}

/** A value of DER (X.690): tag, length, content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

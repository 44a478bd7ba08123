export type { Certificate, CertificateOptions } from './make-certificate.js';
export { makeCertificate } from './make-certificate.js';

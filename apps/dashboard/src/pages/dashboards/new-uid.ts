/** A uid that says what it is for and is nobody else's. */
export function newUid(title: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 28);
  const random = crypto.getRandomValues(new Uint8Array(4));
  const end = [...random].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${words || 'dashboard'}-${end}`;
}

const DAY_MS = 86_400_000;

/** Functions of a time in seconds, in UTC. */
export const DATE_FUNCTIONS: Readonly<Record<string, (seconds: number) => number>> = {
  day_of_month: onDate((date) => date.getUTCDate()),
  day_of_week: onDate((date) => date.getUTCDay()),
  day_of_year: onDate((date) => Math.floor((date.getTime() - utc(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1),
  days_in_month: onDate((date) => new Date(utc(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()),
  hour: onDate((date) => date.getUTCHours()),
  minute: onDate((date) => date.getUTCMinutes()),
  month: onDate((date) => date.getUTCMonth() + 1),
  year: onDate((date) => date.getUTCFullYear()),
};

/** `Date.UTC` takes the years 0 to 99 for those of the last century. */
function utc(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date.getTime();
}

function onDate(read: (date: Date) => number): (seconds: number) => number {
  // Whole seconds, as Prometheus reads them.
  return (seconds) => read(new Date(Math.trunc(seconds) * 1000));
}

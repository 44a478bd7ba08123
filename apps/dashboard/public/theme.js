// Runs before the first paint, so that a chosen theme does not flash. A file, since the policy allows no inline scripts.
try {
  const theme = localStorage.getItem('vedetta.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's theme applies then.
}

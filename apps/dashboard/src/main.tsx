import { createRoot } from 'react-dom/client';
import { App } from './app/app.js';
import './styles.css';

// A page that was open while the server was updated asks for files that are gone; the new page has them.
window.addEventListener('vite:preloadError', () => {
  const key = 'vedetta.reloaded-at';
  const last = Number(sessionStorage.getItem(key) ?? 0);
  if (Date.now() - last < 10_000) return;
  sessionStorage.setItem(key, String(Date.now()));
  location.reload();
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with id "root"');
createRoot(root).render(<App />);

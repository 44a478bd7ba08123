/** What `/` shows when the dashboard is not built: everything else works without it. */
export const NOT_BUILT_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Vedetta</title>
<h1>The dashboard is not built</h1>
<p>The server runs and receives data; only its pages are missing.</p>
<p>In the source folder, run <code>npm run build</code> (or <code>npm start</code>, which does it), then load this page again.</p>
<p>Meanwhile: <a href="/api/status">/api/status</a>, <a href="/api/requests">/api/requests</a>, <a href="/api/openapi.json">/api/openapi.json</a></p>
</html>
`;

// Loaded before anything else, as CommonJS: an ES module is read by Node's thread pool, which keeps the size it then has.
// The writer, two readers and a user's SQL of the store may each hold a thread for as long as a query takes; files, DNS and
// gzip need some too. Only syntax of ES2015 here: whatever Node is there, however old, must be able to say that it is too old.
if (process.env.UV_THREADPOOL_SIZE === undefined) process.env.UV_THREADPOOL_SIZE = '8';

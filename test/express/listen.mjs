// Runs an app until Ctrl-C.
//
// PORT picks another port than 3000; 0 any that is free.  greet(address) says where it is.
export function listen(app, pool, greet) {
  const port = Number(process.env.PORT ?? 3000);
  const server = app.listen(port, '127.0.0.1', (error) => {
    if (error) {
      console.error(`cannot listen on port ${port} (${error.code}); PORT=… picks another one`);
      process.exit(1);
    }
    greet(`http://127.0.0.1:${server.address().port}`);
  });
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      server.close(() => pool.end());
      server.closeAllConnections();
    });
}

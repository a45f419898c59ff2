//! The daemon: opens the store, starts the jobs and the web server, and stops them in order.

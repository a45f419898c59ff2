//! What readers and feed readers reach over HTTP.

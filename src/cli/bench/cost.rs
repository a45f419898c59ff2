//! What this process has taken from the machine, as Linux counts it.

use std::fs;
use std::time::Duration;

/// How many of the kernel's ticks a second has where it tells a program of times (`USER_HZ`, proc(5)).
const TICKS_PER_SECOND: u32 = 100;

/// The processor time that this process has used so far; `None` where there is no /proc.
pub fn processor_time() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(11);
    let (user, system): (u32, u32) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(Duration::from_secs((user + system).into()) / TICKS_PER_SECOND)
}

/// The most memory that this process has held, in kilobytes; `None` where there is no /proc.
pub fn resident_at_most() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().split(' ').next()?.parse().ok()
}

-- Called by wrk at the end of a run: what it measured, for programs. Times in microseconds, as wrk keeps them.
done = function(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '\n{"requests":%d,"failed":%d,"bytes":%.0f,"tookUs":%d,"p50Us":%d,"p99Us":%d,"clientCpuSeconds":%.2f}\n',
    summary.requests, failed, summary.bytes, summary.duration,
    latency:percentile(50), latency:percentile(99), os.clock()
  ))
end

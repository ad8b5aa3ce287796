-- wrk script: couriers tell where they are, one a request or many at once. Arguments: how many
-- couriers there are (their ids count from 1), places a request (0: a PUT for each), seed. All
-- requests are written before the clock starts.

local south, north, west, east = 37.45, 37.65, 126.85, 127.15

local requests = {}
local next_request = 0

local function place()
  return string.format('"lat":%.6f,"lng":%.6f', south + (north - south) * math.random(),
                       west + (east - west) * math.random())
end

function init(args)
  local couriers, items = tonumber(args[1]), tonumber(args[2])
  math.randomseed(tonumber(args[3]))
  local headers = {["Content-Type"] = "application/json"}
  for i = 1, items == 0 and 20000 or math.max(20, 200000 / items) do
    if items == 0 then
      requests[i] = wrk.format("PUT", "/couriers/" .. math.random(couriers) .. "/location",
                               headers, "{" .. place() .. "}")
    else
      local list = {}
      for n = 1, items do
        list[n] = string.format('{"id":%d,%s}', math.random(couriers), place())
      end
      requests[i] = wrk.format("POST", "/couriers/locations", headers,
                               "[" .. table.concat(list, ",") .. "]")
    end
  end
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

function done(summary, latency, _)
  local failed = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"seconds":%.6f,"p50_ms":%.3f,"p99_ms":%.3f,"not_2xx":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, failed.status,
    failed.connect + failed.read + failed.write + failed.timeout))
end

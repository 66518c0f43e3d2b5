"""Follows a feed of pgcdc. After a break it goes on after the last change that it has dealt with."""
import json, pathlib, sys, time, urllib.error, urllib.request

FEED = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:9187/changes?sink=live"
PLACE = pathlib.Path("position.txt")

while True:
    place = PLACE.read_text() if PLACE.exists() else "beginning"
    try:
        with urllib.request.urlopen(f"{FEED}&from={place}", timeout=60) as lines:
            for line in filter(str.strip, map(bytes.decode, lines)):
                change = json.loads(line)
                if "problem" in change:
                    sys.exit(change["problem"]["message"])
                print(change["change_type"], change["table_name"], change["new_data"], flush=True)  # your work
                PLACE.write_text(change["position"])
    except urllib.error.HTTPError as error:
        if error.code != 503:  # 410: the queue does not hold the place any more
            sys.exit(error.read().decode())
    except OSError:
        pass  # pgcdc is away
    time.sleep(2)

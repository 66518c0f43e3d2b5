"""Follows a feed of pgcdc. After a break it goes on after the last change that it has dealt with."""
import json, os, sys, time, urllib.error, urllib.request

FEED = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:9187/changes?sink=live"
PLACE = "position.txt"

while True:
    place = open(PLACE).read() if os.path.exists(PLACE) else "beginning"
    try:
        with urllib.request.urlopen(f"{FEED}&from={place}", timeout=60) as lines:
            for line in filter(str.strip, map(bytes.decode, lines)):
                change = json.loads(line)
                if "problem" in change:
                    sys.exit(change["problem"]["message"])
                print(change["change_type"], change["table_name"], change["new_data"], flush=True)  # your work
                with open(PLACE + ".new", "w") as new:
                    new.write(change["position"])
                os.replace(PLACE + ".new", PLACE)  # the old place or the new one, whenever this is killed
    except urllib.error.HTTPError as error:
        if error.code != 503:  # 410: the queue no longer holds the place
            sys.exit(error.read().decode())
    except OSError:
        pass  # pgcdc is away
    time.sleep(2)

"""What people take home: files under names of their own, ZIPs with a manifest, timelines."""

# Ruby's own RSS library, strict: usage: rss.rb FILE…
require "rss"

ARGV.each do |file|
  feed = RSS::Parser.parse(File.read(file, encoding: "UTF-8"), true, true)
  raise "#{file}: not a feed" if feed.nil?

  puts "#{file}: #{feed.items.size} items"
end
